package dev.kiln.cli.build;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that comes to be with its first byte, so that a failed build leaves none. */
final class LazyFile extends OutputStream {
  private static final int BUFFER_BYTES = 128 << 10;

  private final Path path;
  private @Nullable OutputStream out;

  LazyFile(Path path) {
    this.path = path;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (out == null) {
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      out = new BufferedOutputStream(Files.newOutputStream(path), BUFFER_BYTES);
    }
    out.write(bytes, offset, count);
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
