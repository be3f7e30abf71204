package dev.kiln.registry.client;

import java.io.InterruptedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;

/**
 * How much goes on at once with one registry, over all builds, in fair order. Manifests and other
 * small documents have a lane of their own, so that they never wait for large blobs. Thread-safe.
 */
final class TransferLimits {
  private final int concurrency;
  private final ConcurrentMap<String, Semaphore> blobs = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Semaphore> documents = new ConcurrentHashMap<>();

  TransferLimits(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Takes a place for a blob; the caller releases it. */
  Semaphore enterBlob(String domain) throws InterruptedIOException {
    return enter(blobs, domain);
  }

  /** Takes a place for a document; the caller releases it. */
  Semaphore enterDocument(String domain) throws InterruptedIOException {
    return enter(documents, domain);
  }

  private Semaphore enter(ConcurrentMap<String, Semaphore> lanes, String domain)
      throws InterruptedIOException {
    Semaphore lane = lanes.computeIfAbsent(domain, name -> new Semaphore(concurrency, true));
    try {
      lane.acquire();
      return lane;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a connection to " + domain);
    }
  }
}
