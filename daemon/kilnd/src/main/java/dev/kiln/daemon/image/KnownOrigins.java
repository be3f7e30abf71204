package dev.kiln.daemon.image;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which repositories were seen to hold an image. The bytes behind a digest are the same everywhere,
 * but a reference is only good if its own repository has them: a wrong name must fail although the
 * image is here under another one. One file for each digest, a repository a line. Safe for use by
 * many threads.
 */
public final class KnownOrigins {
  private static final Logger LOG = LoggerFactory.getLogger(KnownOrigins.class);

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

  /** Forgets images that are not here any more; who wants one of them asks its registry anyway. */
  public synchronized void forgetUnless(Predicate<Digest> here) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Optional<Digest> digest = digest(file);
        if (digest.isEmpty() || !here.test(digest.get())) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("could not remove what is known of images that are gone", e);
    }
  }

  private static Optional<Digest> digest(Path file) {
    try {
      return Optional.of(new Digest(file.getFileName().toString().replaceFirst("-", ":")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
