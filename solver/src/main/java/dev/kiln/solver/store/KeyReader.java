package dev.kiln.solver.store;

import java.util.List;

/** Reads keys, links and results. Safe for use by many threads; look-ups take well below 1 ms. */
public interface KeyReader {
  /** Whether the key has results, or links to others. */
  boolean exists(String key);

  /** The results of a key. */
  List<StoredResult> results(String key);

  /** Ids of the keys that a link leads to. */
  List<String> targets(String key, KeyLink link);

  /** The links that lead to a key. */
  List<Backlink> backlinks(String key);

  /** Ids of all keys that have this result. */
  List<String> keysOf(String resultId);
}
