package dev.kiln.registry.client;

import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/**
 * How much goes on at once with one registry, over all builds, in fair order. Uploads and downloads
 * have lanes of their own: an upload may wait for the download of what it sends, and must not hold
 * the place that this needs. Manifests and other small documents have a third lane, so that they
 * never wait for large blobs. Thread-safe.
 */
final class TransferLimits {
  private final int concurrency;
  private final ConcurrentMap<Lane, Semaphore> lanes = new ConcurrentHashMap<>();

  /** What goes on. */
  enum Kind {
    DOWNLOAD,
    UPLOAD,
    DOCUMENT
  }

  private record Lane(Kind kind, String domain) {}

  TransferLimits(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Takes a place; the caller releases it. */
  Semaphore enter(Kind kind, String domain) throws InterruptedIOException {
    Semaphore lane =
        lanes.computeIfAbsent(new Lane(kind, domain), key -> new Semaphore(concurrency, true));
    try {
      lane.acquire();
      return lane;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a connection to " + domain);
    }
  }
}
