package dev.kiln.snapshotter.content;

import dev.kiln.snapshotter.linux.NativeThreads;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The content store's writer: a temporary file and a running hash. */
final class BlobWriter implements ContentStore.Writer {
  private final ContentStore store;
  private final String algorithm;
  private final Path temporary;
  private final FileChannel channel;
  private final MessageDigest hash;
  private long size;

  BlobWriter(ContentStore store, String algorithm, Path temporary) throws IOException {
    this.store = store;
    this.algorithm = algorithm;
    this.temporary = temporary;
    this.hash = Digest.newHash(algorithm);
    this.channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    hash.update(bytes, offset, length);
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    size += length;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public Digest commit(@Nullable Digest expected, long expectedSize) throws IOException {
    if (expectedSize >= 0 && size != expectedSize) {
      close();
      throw new BlobMismatchException(
          "unexpected size of "
              + (expected == null ? "content" : expected)
              + ": got "
              + size
              + " bytes, expected "
              + expectedSize);
    }
    if (expected != null && !expected.algorithm().equals(algorithm)) {
      throw new IllegalArgumentException(
          "content hashed by " + algorithm + " cannot be verified against " + expected);
    }
    Digest actual = Digest.finish(algorithm, hash);
    if (expected != null && !expected.equals(actual)) {
      close();
      throw new BlobMismatchException(
          "unexpected digest of content: got " + actual + ", expected " + expected);
    }
    NativeThreads.run(
        () -> {
          channel.force(false);
          return size;
        });
    store.adopt(temporary, actual);
    close();
    return actual;
  }

  @Override
  public void restart() throws IOException {
    channel.truncate(0);
    channel.position(0);
    hash.reset();
    size = 0;
  }

  @Override
  public OutputStream asStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        BlobWriter.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        BlobWriter.this.write(bytes, offset, length);
      }
    };
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(temporary);
  }
}
