package dev.kiln.wire.transfer;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.kiln.snapshotter.checksum.EntryHeader;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A file whose content is on its way. The receiving thread adds chunks; workers write them in
 * order, one worker at a time.
 */
final class IncomingFile {
  /** What is gathered before a worker is called for; most files are complete by then. */
  static final int GATHER_BYTES = 64 << 10;

  private static final int BUFFER_BYTES = 256 << 10;
  private static final ThreadLocal<MemorySegment> BUFFERS =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BUFFER_BYTES));

  private final Stat stat;
  private final String path;
  private final boolean there;
  private final @Nullable ReceiveListener listener;
  private final IntConsumer written;
  private final Queue<ByteString> chunks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean complete;
  private @Nullable Fd file;
  private @Nullable MessageDigest hash;
  private @Nullable EntryHeader header;
  private boolean finished;
  private long length;

  /** Bytes that no worker was called for yet; only the receiving thread knows. */
  int gathered;

  /**
   * A file to be written.
   *
   * @param path on disk
   * @param there whether it is a regular file already, whose content is to be replaced; otherwise
   *     nothing may be there
   * @param written is told the sizes of chunks that need no more memory
   */
  IncomingFile(
      Stat stat,
      String path,
      boolean there,
      @Nullable ReceiveListener listener,
      IntConsumer written) {
    this.stat = stat;
    this.path = path;
    this.there = there;
    this.listener = listener;
    this.written = written;
  }

  void add(ByteString chunk) {
    chunks.add(chunk);
    gathered += chunk.size();
  }

  void complete() {
    complete = true;
  }

  /** Whether this call is the one that has to run {@link #drain}; others are served by it. */
  boolean call() {
    return calls.getAndIncrement() == 0;
  }

  /** Writes what has come, and finishes the file when that was all. */
  void drain() throws IOException {
    int served;
    try {
      do {
        served = calls.get();
        boolean last = complete;
        writeChunks();
        if (last && !finished) {
          finish();
        }
      } while (!calls.compareAndSet(served, 0));
    } catch (IOException | RuntimeException | Error e) {
      if (file != null) {
        file.close();
      }
      throw e;
    }
  }

  private Fd open() throws IOException {
    Fd open = file;
    if (open == null) {
      int how = there ? 0 : Fd.O_CREAT | Fd.O_EXCL;
      open = Fd.open(path, Fd.O_WRONLY | Fd.O_NOFOLLOW | how, 0600);
      file = open;
      if (listener != null) {
        header = ReceivedAttributes.header(stat);
        hash = header.start();
      }
    }
    return open;
  }

  private void writeChunks() throws IOException {
    Fd out = open();
    MemorySegment buffer = BUFFERS.get();
    int used = 0;
    for (ByteString chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
      if (used + chunk.size() > BUFFER_BYTES) {
        out.write(buffer, used);
        used = 0;
      }
      if (chunk.size() > BUFFER_BYTES) {
        byte[] bytes = chunk.toByteArray();
        update(bytes, 0, bytes.length);
        out.write(bytes, 0, bytes.length);
      } else {
        UnsafeByteOperations.unsafeWriteTo(chunk, new Filling(buffer, used));
        used += chunk.size();
      }
      length += chunk.size();
      written.accept(chunk.size());
    }
    if (used > 0) {
      out.write(buffer, used);
    }
  }

  private void update(byte[] bytes, int offset, int length) {
    if (hash != null) {
      hash.update(bytes, offset, length);
    }
  }

  private void finish() throws IOException {
    finished = true;
    try (Fd out = open()) {
      if (there) {
        // Only now: ext4 writes a file out at once that was emptied and filled again.
        out.truncate(length);
      }
      ReceivedAttributes.apply(out, stat);
    }
    if (listener != null && header != null && hash != null) {
      listener.changed(stat.getPath(), header, Digest.finish("sha256", hash));
    }
  }

  /** Takes a chunk's bytes where they are, into the buffer and the hash. */
  private final class Filling extends ByteOutput {
    private final MemorySegment buffer;
    private int at;

    Filling(MemorySegment buffer, int at) {
      this.buffer = buffer;
      this.at = at;
    }

    @Override
    public void write(byte value) {
      write(new byte[] {value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      update(bytes, offset, length);
      MemorySegment.copy(bytes, offset, buffer, ValueLayout.JAVA_BYTE, at, length);
      at += length;
    }

    @Override
    public void writeLazy(byte[] bytes, int offset, int length) {
      write(bytes, offset, length);
    }

    @Override
    public void write(ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      write(copy, 0, copy.length);
    }

    @Override
    public void writeLazy(ByteBuffer bytes) {
      write(bytes);
    }
  }
}
