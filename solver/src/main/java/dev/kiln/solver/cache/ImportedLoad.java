package dev.kiln.solver.cache;

import dev.kiln.solver.CacheKey;
import dev.kiln.solver.CacheKey.Link;
import dev.kiln.solver.CacheKey.Stored;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.CacheSource.Loaded;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Result;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads from an imported cache and saves what came in the local one. */
final class ImportedLoad {
  private final LocalCache local;
  private final CacheSource source;

  ImportedLoad(LocalCache local, CacheSource source) {
    this.local = local;
    this.source = source;
  }

  Result load(CacheKey key, Stored stored, OpContext context) throws Exception {
    List<Loaded> loaded = source.load(stored.key(), stored.result(), context);
    if (loaded.isEmpty()) {
      throw new IllegalStateException("could not load " + stored.result().id() + ": it is gone");
    }
    boolean kept = false;
    try {
      saveAll(key, loaded);
      kept = true;
    } finally {
      for (Loaded l : loaded.subList(kept ? 1 : 0, loaded.size())) {
        l.result().release();
      }
    }
    return loaded.get(0).result();
  }

  /** Results are found under the keys that the wanted one stands on. */
  private void saveAll(CacheKey top, List<Loaded> loaded) throws Exception {
    Map<String, Loaded> byKey = new HashMap<>();
    loaded.forEach(l -> byKey.putIfAbsent(l.key(), l));
    Set<CacheKey> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<CacheKey> toVisit = new ArrayDeque<>();
    toVisit.push(top);
    while (!toVisit.isEmpty() && !byKey.isEmpty()) {
      CacheKey key = toVisit.pop();
      if (!seen.add(key)) {
        continue;
      }
      String id = key.idIn(source.id());
      Loaded found = id == null ? null : byKey.remove(id);
      if (found != null) {
        local.save(key, found.result(), found.stored().createdAt());
      }
      for (List<Link> alternatives : key.deps()) {
        alternatives.forEach(l -> toVisit.push(l.key()));
      }
    }
  }
}
