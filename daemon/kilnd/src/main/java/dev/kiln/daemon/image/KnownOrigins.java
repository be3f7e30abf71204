package dev.kiln.daemon.image;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Which repositories were seen to hold an image. The bytes behind a digest are the same everywhere,
 * but a reference is only good if its own repository has them: a wrong name must fail although the
 * image is here under another one. One file for each digest, a repository a line. Safe for use by
 * many threads.
 */
public final class KnownOrigins {
  private final Path folder;

  private KnownOrigins(Path folder) {
    this.folder = folder;
  }

  /** Opens a folder, made if need be. */
  public static KnownOrigins open(Path folder) throws IOException {
    return new KnownOrigins(Files.createDirectories(folder));
  }

  private Path file(Digest digest) {
    return folder.resolve(digest.algorithm() + "-" + digest.hex());
  }

  boolean has(Digest digest, ImageReference repository) throws IOException {
    return lines(digest).contains(repository.nameOnly().toString());
  }

  private List<String> lines(Digest digest) throws IOException {
    try {
      return Files.readAllLines(file(digest));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (MalformedInputException e) {
      Files.delete(file(digest)); // What was known is learnt again from the registry.
      return List.of();
    }
  }

  synchronized void add(Digest digest, ImageReference repository) throws IOException {
    if (!has(digest, repository)) {
      Files.writeString(
          file(digest),
          repository.nameOnly() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }
}
