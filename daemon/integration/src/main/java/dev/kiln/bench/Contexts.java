package dev.kiln.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes the folders that are built. The same seed gives the same files. */
final class Contexts {
  /** A base with a shell and nothing else, so that no image has to be pulled. */
  static final String BASE =
      """
      FROM scratch AS base
      COPY busybox /bin/busybox
      RUN ["/bin/busybox", "--install", "-s", "/bin"]
      """;

  private final Path busybox;

  /**
   * Makes folders with a given shell.
   *
   * @param busybox a statically linked busybox
   */
  Contexts(Path busybox) {
    this.busybox = busybox;
  }

  /** A folder with busybox and a Dockerfile that begins with {@link #BASE}. */
  Path folder(Path folder, String dockerfile) throws IOException {
    Files.createDirectories(folder);
    Files.copy(busybox, folder.resolve("busybox"));
    Files.writeString(folder.resolve("Dockerfile"), BASE + dockerfile);
    return folder;
  }

  /** Adds {@code count} files of {@code size} bytes in folders of a hundred below {@code data}. */
  static void addFiles(Path folder, int count, int size, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] content = new byte[size];
    for (int i = 0; i < count; i++) {
      Path parent = folder.resolve("data").resolve(Integer.toString(i / 100));
      Files.createDirectories(parent);
      random.nextBytes(content);
      Files.write(parent.resolve("file" + i), content);
    }
  }

  /** A file of {@code mebibytes} that compresses to about half, as programs and texts do. */
  static void addLargeFile(Path file, int mebibytes, long seed) throws IOException {
    Random random = new Random(seed);
    byte[] noise = new byte[512];
    byte[] words =
        "layers are made of files, files are made of words and words repeat "
            .repeat(8)
            .substring(0, 512)
            .getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long i = 0; i < mebibytes * 1024L; i++) {
        random.nextBytes(noise);
        out.write(noise);
        out.write(words);
      }
    }
  }
}
