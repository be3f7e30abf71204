package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.snapshot.RecordJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All refs in memory with their indexes, and their records on the way to disk. Every method but
 * {@link #newId} must be called with {@link #lock} held, which is never held over slow work.
 */
final class RefTable {
  private static final String PREFIX = "ref/";
  private static final int ID_CHARS = 25;
  private static final String BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz";

  final ReentrantLock lock = new ReentrantLock();
  private final RecordJournal journal;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, RefRecord> refs = new HashMap<>();
  private final Map<String, Set<String>> byMeta = new HashMap<>();
  private final Map<Digest, Set<String>> byChain = new HashMap<>();
  private final Map<Digest, Integer> blobUsers = new HashMap<>();

  RefTable(RecordJournal journal) {
    this.journal = journal;
  }

  /** Reads the stored refs, dropping those whose parents are gone, and what stands on them. */
  void load() throws IOException {
    journal
        .store()
        .scan(
            PREFIX.getBytes(StandardCharsets.UTF_8),
            (key, value) -> {
              String id = new String(key, StandardCharsets.UTF_8).substring(PREFIX.length());
              refs.put(id, RefCodec.decode(id, value));
            });
  }

  /**
   * Removes records that do not hold, with all that stand on them; then builds the indexes.
   *
   * @return how many were removed
   */
  int settle(java.util.function.Predicate<RefRecord> sound) {
    int before = refs.size();
    boolean dropped = true;
    while (dropped) {
      dropped = false;
      for (RefRecord ref : List.copyOf(refs.values())) {
        if (!refs.keySet().containsAll(ref.kind.parents()) || !sound.test(ref)) {
          refs.remove(ref.id);
          journal.delete(PREFIX + ref.id);
          dropped = true;
        }
      }
    }
    refs.values().forEach(this::index);
    return before - refs.size();
  }

  String newId() {
    StringBuilder id = new StringBuilder(ID_CHARS);
    synchronized (random) {
      for (int i = 0; i < ID_CHARS; i++) {
        id.append(BASE_36.charAt(random.nextInt(BASE_36.length())));
      }
    }
    return id.toString();
  }

  @Nullable RefRecord find(String id) {
    return refs.get(id);
  }

  RefRecord get(String id) throws RefException {
    RefRecord ref = refs.get(id);
    if (ref == null) {
      throw new RefException(RefException.Reason.NOT_FOUND, "cache record " + id + " not found");
    }
    return ref;
  }

  /** A ref that another one holds, and which is therefore there. */
  RefRecord held(String id) {
    RefRecord ref = refs.get(id);
    if (ref == null) {
      throw new IllegalStateException("ref " + id + " is held by another one, yet gone");
    }
    return ref;
  }

  Collection<RefRecord> all() {
    return refs.values();
  }

  /** Adds a new ref and records it. */
  void add(RefRecord ref) {
    refs.put(ref.id, ref);
    index(ref);
    save(ref, true);
  }

  private void index(RefRecord ref) {
    ref.kind.parents().forEach(p -> held(p).children++);
    ref.meta.forEach((k, v) -> link(ref.id, k, v));
    indexChain(ref.id, ref.chainId);
    indexChain(ref.id, ref.blobChainId);
    ref.blobs.values().forEach(b -> blobUsers.merge(b.digest(), 1, Integer::sum));
  }

  /** Takes a ref out of table and records; its parents stay held until {@link #unhold}. */
  void remove(RefRecord ref) {
    refs.remove(ref.id);
    journal.delete(PREFIX + ref.id);
    ref.meta.forEach((k, v) -> unlink(ref.id, k, v));
    unindexChain(ref.id, ref.chainId);
    unindexChain(ref.id, ref.blobChainId);
  }

  /** Lets go of a removed ref's parents. */
  void unhold(RefKind kind) {
    kind.parents().forEach(p -> held(p).children--);
  }

  /** Gives back a blob; true when nobody else uses it. */
  boolean lastUserOf(Digest blob) {
    return blobUsers.computeIfPresent(blob, (d, n) -> n == 1 ? null : n - 1) == null;
  }

  boolean usesBlob(Digest blob) {
    return blobUsers.containsKey(blob);
  }

  /** Changes what a ref stands on. */
  void setKind(RefRecord ref, RefKind kind) {
    kind.parents().forEach(p -> held(p).children++);
    unhold(ref.kind);
    ref.kind = kind;
  }

  /**
   * Stages the ref's record; a writable ref that nobody wants to keep has none.
   *
   * @param needsData whether it speaks of files written since the last time
   */
  void save(RefRecord ref, boolean needsData) {
    if (refs.get(ref.id) != ref || (ref.isMutable() && !ref.retain)) {
      return;
    }
    journal.put(PREFIX + ref.id, RefCodec.encode(ref), needsData);
  }

  void setBlob(RefRecord ref, String form, Descriptor blob, Digest diffId) {
    Descriptor old = ref.blobs.put(form, blob);
    ref.diffIds.put(form, diffId);
    blobUsers.merge(blob.digest(), 1, Integer::sum);
    if (old != null) {
      lastUserOf(old.digest());
    }
  }

  void setChain(RefRecord ref, @Nullable Digest chainId, @Nullable Digest blobChainId) {
    unindexChain(ref.id, ref.chainId);
    unindexChain(ref.id, ref.blobChainId);
    ref.chainId = chainId;
    ref.blobChainId = blobChainId;
    indexChain(ref.id, chainId);
    indexChain(ref.id, blobChainId);
  }

  private void indexChain(String id, @Nullable Digest chain) {
    if (chain != null) {
      byChain.computeIfAbsent(chain, c -> new LinkedHashSet<>()).add(id);
    }
  }

  private void unindexChain(String id, @Nullable Digest chain) {
    if (chain != null) {
      byChain.computeIfPresent(chain, (c, ids) -> ids.remove(id) && ids.isEmpty() ? null : ids);
    }
  }

  /** An immutable ref with this chain id (of diff ids or of blobs), or null. */
  @Nullable RefRecord byChain(Digest chain) {
    for (String id : byChain.getOrDefault(chain, Set.of())) {
      return held(id);
    }
    return null;
  }

  void putMeta(RefRecord ref, String key, String value) {
    removeMeta(ref, key);
    ref.meta.put(key, value);
    link(ref.id, key, value);
    save(ref, false);
  }

  void removeMeta(RefRecord ref, String key) {
    String old = ref.meta.remove(key);
    if (old != null) {
      unlink(ref.id, key, old);
      save(ref, false);
    }
  }

  private static String metaKey(String key, String value) {
    return key.length() + ":" + key + value;
  }

  private void link(String id, String key, String value) {
    byMeta.computeIfAbsent(metaKey(key, value), k -> new HashSet<>()).add(id);
  }

  private void unlink(String id, String key, String value) {
    byMeta.computeIfPresent(
        metaKey(key, value), (k, ids) -> ids.remove(id) && ids.isEmpty() ? null : ids);
  }

  List<String> byMeta(String key, String value) {
    List<RefRecord> found = new ArrayList<>();
    byMeta.getOrDefault(metaKey(key, value), Set.of()).forEach(id -> found.add(held(id)));
    found.sort(Comparator.comparing((RefRecord r) -> r.createdAt).reversed());
    return found.stream().map(r -> r.id).toList();
  }

  /**
   * The refs whose own layers make up a tree, lowest first. Goes down from the top without
   * recursion: chains of steps, and of merges on merges, may be thousands long.
   */
  List<RefRecord> layers(RefRecord ref) {
    List<RefRecord> highestFirst = new ArrayList<>();
    Deque<RefRecord> toVisit = new ArrayDeque<>();
    toVisit.push(ref);
    while (!toVisit.isEmpty()) {
      RefRecord at = toVisit.pop();
      switch (at.kind) {
        case RefKind.OneLayer(var parent, var foreign) -> {
          highestFirst.add(at);
          push(parent, toVisit);
        }
        case RefKind.Mutable(var parent) -> push(parent, toVisit);
        case RefKind.Frozen(var mutable) -> {
          highestFirst.add(at);
          push(mutable, toVisit);
        }
        case RefKind.Merge(var parents) -> parents.forEach(p -> push(p, toVisit));
        case RefKind.Diff(var lower, var upper, var walked) -> {
          if (walked) {
            highestFirst.add(at);
          } else if (upper != null) {
            highestFirst.addAll(above(lower, upper).reversed());
          }
        }
      }
    }
    return highestFirst.reversed();
  }

  private void push(@Nullable String id, Deque<RefRecord> toVisit) {
    if (id != null) {
      toVisit.push(held(id));
    }
  }

  private List<RefRecord> above(@Nullable String lower, String upper) {
    List<RefRecord> all = layers(held(upper));
    int below = lower == null ? 0 : layers(held(lower)).size();
    return all.subList(Math.min(below, all.size()), all.size());
  }

  /** Whether the layers of {@code lower} are the lowest ones of {@code upper}. */
  boolean standsOn(RefRecord upper, RefRecord lower) {
    List<RefRecord> above = layers(upper);
    List<RefRecord> below = layers(lower);
    return below.size() <= above.size() && above.subList(0, below.size()).equals(below);
  }
}
