package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;

/** Compresses a tar stream into the content store, with its diff id on the way. */
public final class LayerPacker {
  private static final int BUFFER_BYTES = 256 * 1024;

  private LayerPacker() {}

  /** Writes a tar. */
  public interface TarSource {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Makes a layer blob.
   *
   * @param options kind, level and whether the bytes must be portable
   * @param createdAt for the annotation of that name
   */
  public static LayerBlob pack(
      TarSource tar, ContentStore content, CompressionOptions options, Instant createdAt)
      throws IOException {
    MessageDigest hash = Digest.newHash("sha256");
    try (ContentStore.Writer writer = content.newWriter();
        OutputStream file = new KeepOpenBuffer(writer.asStream(), BUFFER_BYTES);
        Compressor compressor =
            Compressor.start(file, options.kind(), options.level(), options.portable())) {
      HashingOutput hashed = new HashingOutput(compressor, hash);
      tar.write(hashed);
      hashed.flush();
      compressor.finish();
      file.flush();
      Digest diffId = Digest.finish("sha256", hash);
      long size = writer.size();
      Digest digest = writer.commit(null, -1);
      Descriptor descriptor = new Descriptor(options.kind().mediaType(), digest, size);
      return describe(descriptor, diffId, createdAt);
    }
  }

  /** A layer blob with the annotations that exporters expect. */
  public static LayerBlob describe(Descriptor blob, Digest diffId, Instant createdAt) {
    return new LayerBlob(
        blob.withAnnotation(LayerBlob.UNCOMPRESSED, diffId.text())
            .withAnnotation(LayerBlob.CREATED_AT, createdAt.toString()),
        diffId);
  }

  /** Collects small writes, hashes and passes them on in large pieces. */
  private static final class HashingOutput extends OutputStream {
    private final OutputStream out;
    private final MessageDigest hash;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    HashingOutput(OutputStream out, MessageDigest hash) {
      this.out = out;
      this.hash = hash;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > buffer.length - filled) {
        flush();
      }
      if (length >= buffer.length) {
        hash.update(bytes, offset, length);
        out.write(bytes, offset, length);
      } else {
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
      }
    }

    @Override
    public void flush() throws IOException {
      hash.update(buffer, 0, filled);
      out.write(buffer, 0, filled);
      filled = 0;
    }
  }

  /** Closing drops what was not flushed, since the blob was not finished then. */
  private static final class KeepOpenBuffer extends java.io.BufferedOutputStream {
    KeepOpenBuffer(OutputStream out, int size) {
      super(out, size);
    }

    @Override
    public void close() {}
  }
}
