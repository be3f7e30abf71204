package dev.kiln.snapshotter.checksum;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content hashes of the trees that were asked for last, by the id of their ref. Thread-safe.
 */
public final class ContentHashes {
  private final int capacity;
  private final Map<String, ContentHash> recent = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Makes an empty cache.
   *
   * @param capacity how many trees to remember
   */
  public ContentHashes(int capacity) {
    this.capacity = capacity;
  }

  /** The hash of a ref's tree, a new one that knows nothing if it was not remembered. */
  public synchronized ContentHash of(String refId) {
    ContentHash hash = recent.computeIfAbsent(refId, _ -> new ContentHash());
    trim();
    return hash;
  }

  /** The hash of a ref's tree, null if it was not remembered. */
  public synchronized @Nullable ContentHash find(String refId) {
    return recent.get(refId);
  }

  /** Remembers what was learnt otherwise, such as from a transfer. */
  public synchronized void put(String refId, ContentHash hash) {
    recent.put(refId, hash);
    trim();
  }

  /** Forgets a tree that changed or is gone. */
  public synchronized void forget(String refId) {
    recent.remove(refId);
  }

  private void trim() {
    var oldest = recent.entrySet().iterator();
    while (recent.size() > capacity) {
      oldest.next();
      oldest.remove();
    }
  }
}
