package dev.kiln.daemon.source;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** Locks by name, which exist only while somebody wants them. Safe for use by many threads. */
public final class KeyLocks {
  private final Map<String, Entry> entries = new HashMap<>();

  private static final class Entry {
    private final ReentrantLock lock = new ReentrantLock();
    private int users;
  }

  /** A lock that is held; to be closed by the thread that took it. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Waits for a lock and takes it.
   *
   * @throws InterruptedException when the wait is given up
   */
  public Held lock(String key) throws InterruptedException {
    Entry entry;
    synchronized (entries) {
      entry = entries.computeIfAbsent(key, k -> new Entry());
      entry.users++;
    }
    try {
      entry.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      leave(key, entry);
      throw e;
    }
    return () -> {
      entry.lock.unlock();
      leave(key, entry);
    };
  }

  private void leave(String key, Entry entry) {
    synchronized (entries) {
      if (--entry.users == 0) {
        entries.remove(key);
      }
    }
  }
}
