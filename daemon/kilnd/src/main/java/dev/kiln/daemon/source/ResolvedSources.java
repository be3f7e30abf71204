package dev.kiln.daemon.source;

import dev.kiln.solver.Job;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What sources stand for, found out once for each build: a source that changes while a build runs
 * is seen by it in one state only. Forgotten when the build ends. Safe for use by many threads; two
 * that ask for the same source wait for one another.
 */
public final class ResolvedSources {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Job, Map<String, Object>> found = new HashMap<>();
  private final KeyLocks busy = new KeyLocks();

  /** Asks the source itself. */
  @FunctionalInterface
  public interface Resolver<T> {
    /** Finds out what the source stands for. */
    T resolve() throws Exception;
  }

  /**
   * What a source stands for in these builds.
   *
   * @param jobs the builds that want to know; with none nothing is remembered
   * @param key names the source among all kinds
   * @param fits whether a remembered answer serves
   */
  public <T> T get(
      List<Job> jobs, String key, Class<T> type, Predicate<T> fits, Resolver<T> resolver)
      throws Exception {
    try (KeyLocks.Held ignored = busy.lock(key)) {
      T known = find(jobs, key, type, fits);
      if (known != null) {
        return known;
      }
      T fresh = resolver.resolve();
      jobs.forEach(job -> remember(job, key, fresh));
      return fresh;
    }
  }

  /** What was found out before; null when nothing that fits was. */
  public <T> @Nullable T find(List<Job> jobs, String key, Class<T> type, Predicate<T> fits) {
    lock.lock();
    try {
      for (Job job : jobs) {
        Object known = found.getOrDefault(job, Map.of()).get(key);
        if (known != null && fits.test(type.cast(known))) {
          return type.cast(known);
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void remember(Job job, String key, Object value) {
    lock.lock();
    try {
      Map<String, Object> ofJob = found.get(job);
      if (ofJob == null) {
        ofJob = new HashMap<>();
        found.put(job, ofJob);
        job.onClose(() -> forget(job));
      }
      ofJob.put(key, value);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Job job) {
    lock.lock();
    try {
      found.remove(job);
    } finally {
      lock.unlock();
    }
  }
}
