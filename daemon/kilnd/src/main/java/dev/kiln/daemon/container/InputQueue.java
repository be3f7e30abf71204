package dev.kiln.daemon.container;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client writes to a process, until the process reads it. The writer is held back when a
 * process does not read. One writer and one reader; either side may close.
 */
final class InputQueue extends InputStream {
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
  void add(ByteString bytes) throws InterruptedException {
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
  void end() {
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
