package dev.kiln.solver;

import java.util.List;

/** The result of an edge with the keys under which caches may keep it. */
public interface CachedResult extends AutoCloseable {
  /** The result; the handle is valid until this is closed. */
  Result result();

  /** The keys of the result; a cache export starts from them. */
  List<CacheKey> keys();

  /** Releases the result. */
  @Override
  void close();
}
