package dev.kiln.snapshotter.snapshot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes of records on their way to disk. What is staged is coalesced by key and written in
 * batches by one thread: first the data that the records speak of is synced, then the records, so
 * that a record on disk never names data that is not. Many changes share one sync ("group commit").
 * Thread-safe.
 */
public final class RecordJournal implements AutoCloseable {
  /** Changes that nobody waits for are written after this time. */
  private static final long IDLE_FLUSH_MS = 1_000;

  /** Syncs what records speak of, such as the file system that holds the snapshots. */
  public interface DataSync {
    void sync() throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Staged(byte @Nullable [] value, boolean needsData) {}

  private final RecordStore store;
  private final DataSync data;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wanted = lock.newCondition();
  private final Thread writer;
  private Map<String, Staged> staged = new LinkedHashMap<>();
  private CompletableFuture<Void> next = new CompletableFuture<>();
  private CompletableFuture<Void> running = CompletableFuture.completedFuture(null);
  private long deadlineNanos;
  private boolean demanded;
  private boolean closed;

  public RecordJournal(RecordStore store, DataSync data) {
    this.store = store;
    this.data = data;
    this.writer = Thread.ofPlatform().daemon().name("kiln-journal").start(this::loop);
  }

  /** The store below; reads do not see what is still staged. */
  public RecordStore store() {
    return store;
  }

  /**
   * Stages a record.
   *
   * @param needsData whether it speaks of files that must be on disk before it
   */
  public void put(String key, byte[] value, boolean needsData) {
    stage(key, new Staged(value, needsData));
  }

  /** Stages a removal. */
  public void delete(String key) {
    stage(key, new Staged(null, false));
  }

  private void stage(String key, Staged change) {
    lock.lock();
    try {
      Staged before = staged.remove(key);
      boolean data = change.needsData() || (before != null && before.needsData());
      if (staged.isEmpty()) {
        deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_FLUSH_MS);
      }
      staged.put(key, new Staged(change.value(), change.value() != null && data));
      wanted.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Asks for everything staged so far to be written, and tells when it was. Fails with the
   * IOException that stopped the write; the changes stay staged.
   */
  public CompletableFuture<Void> durable() {
    lock.lock();
    try {
      if (staged.isEmpty()) {
        return running.copy();
      }
      demanded = true;
      wanted.signal();
      return next.copy();
    } finally {
      lock.unlock();
    }
  }

  /** Writes everything staged so far and waits for it. */
  public void flush() throws IOException {
    try {
      durable().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  private void loop() {
    while (true) {
      Map<String, Staged> batch;
      CompletableFuture<Void> done;
      lock.lock();
      try {
        if (!awaitWork()) {
          return;
        }
        batch = staged;
        done = next;
        staged = new LinkedHashMap<>();
        next = new CompletableFuture<>();
        running = done;
        demanded = false;
      } finally {
        lock.unlock();
      }
      write(batch, done);
    }
  }

  /** Waits until there is something to write; false when closed and all is written. */
  private boolean awaitWork() {
    while (true) {
      if (closed) {
        return !staged.isEmpty();
      }
      if (demanded && !staged.isEmpty()) {
        return true;
      }
      try {
        if (staged.isEmpty()) {
          wanted.await();
        } else if (wanted.awaitNanos(deadlineNanos - System.nanoTime()) <= 0) {
          return true;
        }
      } catch (InterruptedException e) {
        closed = true;
      }
    }
  }

  private void write(Map<String, Staged> batch, CompletableFuture<Void> done) {
    List<RecordStore.Change> changes = new ArrayList<>(batch.size());
    batch.forEach(
        (key, change) ->
            changes.add(
                new RecordStore.Change(key.getBytes(StandardCharsets.UTF_8), change.value())));
    try {
      if (batch.values().stream().anyMatch(Staged::needsData)) {
        data.sync();
      }
      store.apply(changes);
      done.complete(null);
    } catch (IOException | RuntimeException e) {
      restage(batch);
      done.completeExceptionally(e);
    }
  }

  /** A failed batch is tried again with the next one, unless newer changes overtook it. */
  private void restage(Map<String, Staged> batch) {
    lock.lock();
    try {
      if (!closed) {
        Map<String, Staged> merged = new LinkedHashMap<>(batch);
        staged.forEach(
            (key, change) -> {
              merged.remove(key);
              merged.put(key, change);
            });
        staged = merged;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is staged and ends the writer; the store stays open. */
  @Override
  public void close() throws IOException {
    try {
      flush();
    } finally {
      lock.lock();
      try {
        closed = true;
        wanted.signal();
      } finally {
        lock.unlock();
      }
      boolean interrupted = false;
      while (writer.isAlive()) {
        try {
          writer.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
