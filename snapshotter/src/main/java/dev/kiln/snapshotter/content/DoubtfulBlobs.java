package dev.kiln.snapshotter.content;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs that may have been damaged while nobody looked. Each is looked at once, by whoever asks for
 * it first; others that ask wait for that. Thread-safe.
 */
final class DoubtfulBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(DoubtfulBlobs.class);

  /** Whether a blob's bytes have its digest. */
  interface Test {
    boolean holds(Digest digest) throws IOException;
  }

  /** Removes a blob. */
  interface Drop {
    void drop(Digest digest) throws IOException;
  }

  private final Set<Digest> doubtful = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<Digest, Boolean> looking = new ConcurrentHashMap<>();
  private final Test test;
  private final Drop drop;

  DoubtfulBlobs(Test test, Drop drop) {
    this.test = test;
    this.drop = drop;
  }

  void add(Collection<Digest> digests) {
    doubtful.addAll(digests);
  }

  boolean isEmpty() {
    return doubtful.isEmpty();
  }

  /** Looks at a blob if nobody has; afterwards it is sound or gone. */
  void settle(Digest digest) {
    if (doubtful.contains(digest)) {
      looking.compute(
          digest,
          (d, nothing) -> {
            if (doubtful.contains(d)) {
              look(d);
              doubtful.remove(d);
            }
            return null;
          });
    }
  }

  private void look(Digest digest) {
    try {
      if (!test.holds(digest)) {
        LOG.warn("blob {} is damaged and was removed", digest);
        drop.drop(digest);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("blob {} is gone", digest);
    } catch (IOException e) {
      throw new UncheckedIOException("could not look at blob " + digest + ": " + e, e);
    }
  }

  /** Looks at all; false if interrupted. */
  boolean settleAll() {
    boolean all = true;
    for (Digest digest : doubtful) {
      if (Thread.currentThread().isInterrupted()) {
        return false;
      }
      try {
        settle(digest);
      } catch (UncheckedIOException e) {
        LOG.warn("{}", e.getMessage());
        all = false;
      }
    }
    return all;
  }
}
