package dev.kiln.solver.store;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The cache that is written to. Safe for use by many threads. */
public interface CacheStore extends KeyReader, AutoCloseable {
  /** Whether the link leads to the target. */
  boolean hasLink(String key, KeyLink link, String target);

  /** Calls back for each key; keys that come or go meanwhile may be seen or not. */
  void forEachKey(Consumer<String> action);

  /** Calls back once for each result id that some key has. */
  void forEachResult(Consumer<String> action);

  /**
   * Applies all changes at once. Readers see them when this returns; they are safe from a crash
   * when the future completes. Many callers share one sync of the disk.
   */
  CompletableFuture<Void> commit(List<Change> changes);

  /** Applies changes that may be lost in a crash. */
  void apply(List<Change> changes);

  /**
   * Forgets a result, and the keys that lead to no result any more. Not synced: a result that comes
   * back after a crash is found missing and released again.
   */
  void release(String resultId);

  /** Waits for what is being written. */
  @Override
  void close();

  /** Something to write. */
  sealed interface Change {
    /** A result of a key; replaces an equal one. */
    record AddResult(String key, StoredResult result) implements Change {}

    /** A link from a key to a target. */
    record AddLink(String key, KeyLink link, String target) implements Change {}
  }
}
