package dev.kiln.solver;

import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.KeyReader;
import dev.kiln.solver.store.StoredResult;
import java.util.List;

/**
 * A cache to read from beside the local one, for example one imported from a registry. Safe for use
 * by many threads.
 */
public interface CacheSource extends KeyReader {
  /** Tells sources apart: two with equal ids are the same cache. */
  String id();

  /**
   * Loads a result, and with it those results of keys below that it is built on.
   *
   * @param key id of the key in this cache
   * @return the wanted result first; each handle is the caller's
   */
  List<Loaded> load(String key, StoredResult result, OpContext context) throws Exception;

  /**
   * A loaded result.
   *
   * @param key id of its key in this cache
   * @param stored what the cache says about it
   * @param result a handle
   */
  record Loaded(String key, StoredResult stored, Result result) {}

  /** The link from a key to what stands on it; see {@link KeyLink}. */
  @Override
  List<String> targets(String key, KeyLink link);
}
