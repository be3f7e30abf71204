package dev.kiln.snapshotter.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/**
 * gzip (RFC 1952) made in parallel: the input is cut into blocks of fixed size, each deflated by
 * itself with the 32 KiB before it as dictionary, and joined to one member. The bytes depend on
 * input and engine only, not on the number of threads. Not thread-safe.
 */
final class BlockGzipStream extends OutputStream {
  static final int BLOCK_BYTES = 1 << 20;
  private static final int WINDOW_BYTES = 32 * 1024;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int MAX_WAITING_BLOCKS = THREADS * 2;
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 255};
  private static final ExecutorService WORKERS = newWorkers();

  private final OutputStream out;
  private final BlockDeflater engine;
  private final CRC32 crc = new CRC32();
  private final ArrayDeque<Future<BlockDeflater.Packed>> waiting = new ArrayDeque<>();
  private byte[] block = new byte[BLOCK_BYTES];
  private int filled;
  private byte[] window = {};
  private long size;
  private boolean closed;

  /** Starts the member; {@code engine} decides the bytes of a block. */
  BlockGzipStream(OutputStream out, BlockDeflater engine) throws IOException {
    this.out = out;
    this.engine = engine;
    out.write(HEADER);
  }

  private static ExecutorService newWorkers() {
    var pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("kiln-compress-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    crc.update(bytes, offset, length);
    size += length;
    int at = offset;
    int left = length;
    while (left > 0) {
      if (filled == BLOCK_BYTES) {
        submit(false);
      }
      int n = Math.min(left, BLOCK_BYTES - filled);
      System.arraycopy(bytes, at, block, filled, n);
      filled += n;
      at += n;
      left -= n;
    }
  }

  private void submit(boolean last) throws IOException {
    byte[] input = block;
    int length = filled;
    byte[] dictionary = window;
    waiting.add(WORKERS.submit(() -> engine.pack(input, length, dictionary, last)));
    if (!last) {
      window = Arrays.copyOfRange(input, length - WINDOW_BYTES, length);
      block = new byte[BLOCK_BYTES];
      filled = 0;
    }
    while (waiting.size() > (last ? 0 : MAX_WAITING_BLOCKS)) {
      drainOne();
    }
  }

  private void drainOne() throws IOException {
    try {
      BlockDeflater.Packed packed = waiting.remove().get();
      out.write(packed.bytes(), 0, packed.length());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("compression was interrupted");
    } catch (ExecutionException e) {
      throw new IOException("could not compress", e.getCause());
    }
  }

  /** Ends the member; the stream below stays open. */
  void finish() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    submit(true);
    byte[] trailer = new byte[8];
    for (int i = 0; i < 4; i++) {
      trailer[i] = (byte) (crc.getValue() >>> (8 * i));
      trailer[4 + i] = (byte) (size >>> (8 * i));
    }
    out.write(trailer);
    out.flush();
  }

  /** Drops blocks on their way when closed without {@link #finish}. */
  @Override
  public void close() {
    closed = true;
    waiting.forEach(future -> future.cancel(true));
    waiting.clear();
  }
}
