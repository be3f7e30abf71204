package dev.kiln.snapshotter.layer;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;

/**
 * A stream that compresses what is written to it. {@link #finish} ends the compressed form; closing
 * without it drops the rest. The stream below is never closed. Output depends on input, kind, level
 * and engine only, not on the number of threads.
 */
public final class Compressor extends OutputStream {
  private static final int DEFAULT_ZSTD_LEVEL = 3;

  private final OutputStream engine;
  private boolean finished;

  private Compressor(OutputStream engine) {
    this.engine = engine;
  }

  /** Starts compressing to {@code out}, with bytes that are the same on every machine. */
  public static Compressor start(OutputStream out, Compression kind, int level) throws IOException {
    return start(out, kind, level, true);
  }

  /**
   * Starts compressing to {@code out}.
   *
   * @param level of the kind's library, or -1 for its default
   * @param portable whether the bytes must be the same on every machine; otherwise the fastest
   *     engine of this one is used where no level is asked for
   */
  public static Compressor start(OutputStream out, Compression kind, int level, boolean portable)
      throws IOException {
    return new Compressor(
        switch (kind) {
          case UNCOMPRESSED -> new KeepOpen(out);
          case GZIP, ESTARGZ -> new BlockGzipStream(out, gzipEngine(level, portable));
          case ZSTD -> zstd(out, level < 0 ? DEFAULT_ZSTD_LEVEL : level);
        });
  }

  private static BlockDeflater gzipEngine(int level, boolean portable) {
    IsalBlocks fast = portable || level >= 0 ? null : IsalBlocks.instance();
    return fast != null
        ? fast
        : new ZlibBlocks(level < 0 ? Deflater.DEFAULT_COMPRESSION : Math.min(level, 9));
  }

  @SuppressWarnings("resource") // closed by finish or close
  private static OutputStream zstd(OutputStream out, int level) throws IOException {
    ZstdOutputStream stream = new ZstdOutputStream(new KeepOpen(out), level);
    // At least one worker: its output does not depend on their number, but differs from none.
    stream.setWorkers(Runtime.getRuntime().availableProcessors());
    return stream;
  }

  @Override
  public void write(int b) throws IOException {
    engine.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    engine.write(bytes, offset, length);
  }

  /** Ends the compressed form and flushes. */
  public void finish() throws IOException {
    if (!finished) {
      finished = true;
      if (engine instanceof BlockGzipStream gzip) {
        gzip.finish();
      } else {
        engine.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      finished = true;
      engine.close();
    }
  }

  /** Passes everything on but the closing. */
  private static final class KeepOpen extends FilterOutputStream {
    KeepOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
