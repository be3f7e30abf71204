package dev.kiln.daemon.cache.imports;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The imported caches that running builds hold, by id, for exports that build on what was imported.
 * Safe for use by many threads.
 */
public final class OpenCaches {
  private final Map<String, WeakReference<ImportedCache>> caches = new ConcurrentHashMap<>();

  public OpenCaches() {}

  /** The cache of that id, null when no build has it any more. */
  public @Nullable ImportedCache find(String id) {
    WeakReference<ImportedCache> found = caches.get(id);
    return found == null ? null : found.get();
  }

  void add(ImportedCache cache) {
    caches.values().removeIf(each -> each.get() == null);
    caches.put(cache.id(), new WeakReference<>(cache));
  }
}
