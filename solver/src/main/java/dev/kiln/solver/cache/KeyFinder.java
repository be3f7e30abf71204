package dev.kiln.solver.cache;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.store.KeyLink;
import dev.kiln.solver.store.KeyReader;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the id that one cache has for a key. A key without inputs is its own id; any other is found
 * by the links from its inputs: it is the one that some alternative of every input leads to. Works
 * without recursion, for chains may be thousands long. Thread-safe.
 */
final class KeyFinder {
  private final String cache;
  private final KeyReader reader;

  KeyFinder(String cache, KeyReader reader) {
    this.cache = cache;
    this.reader = reader;
  }

  /** The id, or null if the cache does not know the key. */
  @Nullable String find(CacheKey top) {
    String known = top.idIn(cache);
    if (known != null || !top.isStorable()) {
      return known;
    }
    Set<CacheKey> absent = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<CacheKey> stack = new ArrayDeque<>();
    stack.push(top);
    while (!stack.isEmpty()) {
      CacheKey key = stack.peek();
      if (isSettled(key, absent)) {
        stack.pop();
      } else if (!pushUnsettled(key, stack, absent)) {
        String id = key.deps().isEmpty() ? key.recordDigest() : findByLinks(key);
        if (id == null) {
          absent.add(key);
        } else {
          key.rememberId(cache, id);
        }
        stack.pop();
      }
    }
    return top.idIn(cache);
  }

  private boolean isSettled(CacheKey key, Set<CacheKey> absent) {
    return key.idIn(cache) != null || !key.isStorable() || absent.contains(key);
  }

  private boolean pushUnsettled(CacheKey key, Deque<CacheKey> stack, Set<CacheKey> absent) {
    boolean pushed = false;
    for (List<Link> alternatives : key.deps()) {
      for (Link link : alternatives) {
        if (!isSettled(link.key(), absent)) {
          stack.push(link.key());
          pushed = true;
        }
      }
    }
    return pushed;
  }

  /** All alternatives have been looked for before. */
  private @Nullable String findByLinks(CacheKey key) {
    Set<String> matches = new LinkedHashSet<>();
    String record = key.recordDigest();
    for (int input = 0; input < key.deps().size(); input++) {
      Set<String> ofInput = new LinkedHashSet<>();
      for (Link link : key.deps().get(input)) {
        String id = link.key().idIn(cache);
        if (id != null) {
          ofInput.addAll(reader.targets(id, new KeyLink(input, record, link.selector())));
        }
      }
      if (input == 0) {
        matches = ofInput;
      } else {
        matches.retainAll(ofInput);
      }
      if (matches.isEmpty()) {
        return null;
      }
    }
    return matches.iterator().next();
  }
}
