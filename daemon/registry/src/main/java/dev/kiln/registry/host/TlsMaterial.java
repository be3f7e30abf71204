package dev.kiln.registry.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that a registry's TLS needs, with a stamp that changes when they do.
 *
 * @param insecure whether any certificate is accepted
 * @param authorities PEM files to trust, in order
 * @param keyPairs client certificates, in order
 * @param stamp sizes and times of all files
 */
record TlsMaterial(
    boolean insecure,
    List<Path> authorities,
    List<HostSettings.KeyPairFiles> keyPairs,
    List<String> stamp) {

  static TlsMaterial of(HostSettings settings) throws IOException {
    List<Path> authorities = new ArrayList<>(settings.authorities());
    List<HostSettings.KeyPairFiles> keyPairs = new ArrayList<>(settings.keyPairs());
    for (Path directory : settings.tlsConfigDirectories()) {
      for (Path file : sorted(directory)) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".crt")) {
          authorities.add(file);
        } else if (name.endsWith(".cert")) {
          String key = name.substring(0, name.length() - ".cert".length()) + ".key";
          keyPairs.add(new HostSettings.KeyPairFiles(file, file.resolveSibling(key)));
        }
      }
    }
    List<String> stamp = new ArrayList<>();
    for (Path file : authorities) {
      stamp.add(stampOf(file));
    }
    for (HostSettings.KeyPairFiles pair : keyPairs) {
      stamp.add(stampOf(pair.certificate()));
      stamp.add(stampOf(pair.key()));
    }
    return new TlsMaterial(
        settings.insecure().orElse(false),
        List.copyOf(authorities),
        List.copyOf(keyPairs),
        List.copyOf(stamp));
  }

  /** A folder that is not there or not readable holds nothing, as with other tools. */
  private static List<Path> sorted(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(files::add);
    } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException e) {
      return List.of();
    }
    files.sort(null);
    return files;
  }

  private static String stampOf(Path file) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new IOException(
          "could not read " + file + ", which a registry's TLS settings name: no such file", e);
    }
    return file
        + " "
        + attributes.size()
        + " "
        + attributes.lastModifiedTime().toMillis()
        + " "
        + attributes.fileKey();
  }
}
