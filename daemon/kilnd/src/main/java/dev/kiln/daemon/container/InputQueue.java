package dev.kiln.daemon.container;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes between one that writes and one that reads, such as a client and a process: the writer is
 * held back when nobody reads. One writer and one reader; either side may close.
 */
public final class InputQueue extends InputStream {
  private static final int LIMIT_BYTES = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<ByteString> chunks = new ArrayDeque<>();
  private int waitingBytes;
  private @Nullable ByteString current;
  private int at;
  private boolean ended;
  private boolean closed;

  /** Adds bytes; those for a process that reads no more are dropped. */
  public void add(ByteString bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waitingBytes >= LIMIT_BYTES && !closed) {
        changed.await();
      }
      if (!closed && !ended && !bytes.isEmpty()) {
        chunks.add(bytes);
        waitingBytes += bytes.size();
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will come. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The process reads no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      chunks.clear();
      waitingBytes = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The writing end as a stream; closing it ends what is read. */
  public OutputStream writer() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          add(ByteString.copyFrom(bytes, offset, length));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }

      @Override
      public void close() {
        end();
      }
    };
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      ByteString chunk = next();
      if (chunk == null) {
        return -1;
      }
      int count = Math.min(length, chunk.size() - at);
      chunk.substring(at, at + count).copyTo(target, offset);
      at += count;
      if (at == chunk.size()) {
        current = null;
      }
      waitingBytes -= count;
      changed.signalAll();
      return count;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable ByteString next() {
    while (current == null && !closed) {
      current = chunks.poll();
      at = 0;
      if (current == null) {
        if (ended) {
          return null;
        }
        changed.awaitUninterruptibly();
      }
    }
    return closed ? null : current;
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return closed ? 0 : waitingBytes;
    } finally {
      lock.unlock();
    }
  }
}
