package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A blob's writer that tells of its progress; the one who made it commits. */
final class CountedWriter implements ContentStore.Writer {
  private final ContentStore.Writer writer;
  private final Descriptor blob;
  private final LayerProgress progress;

  CountedWriter(ContentStore.Writer writer, Descriptor blob, LayerProgress progress) {
    this.writer = writer;
    this.blob = blob;
    this.progress = progress;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (writer.size() + length > blob.size()) {
      throw new IOException(
          "could not fetch " + blob.digest() + ": more than its " + blob.size() + " bytes came");
    }
    writer.write(bytes, offset, length);
    progress.transferred(blob.digest(), writer.size(), blob.size());
  }

  @Override
  public long size() {
    return writer.size();
  }

  @Override
  public Digest commit(@Nullable Digest expected, long expectedSize) {
    throw new UnsupportedOperationException("a provider does not commit");
  }

  @Override
  public void restart() throws IOException {
    writer.restart();
    progress.transferred(blob.digest(), 0, blob.size());
  }

  @Override
  public OutputStream asStream() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        CountedWriter.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        CountedWriter.this.write(bytes, offset, length);
      }
    };
  }

  @Override
  public void close() {}
}
