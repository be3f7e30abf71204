package dev.kiln.solver;

import dev.kiln.solver.store.StoredResult;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The key of one output of an operation: the digest of the operation, the output's index and, for
 * each input, the alternatives by which that input is known. The key of content has output -1 and
 * no inputs (cache-keys.md, section 1). The structure never changes; what is remembered beside it
 * may, and is safe for use by many threads.
 */
public final class CacheKey {
  private final String digest;
  private final int output;
  private final List<List<Link>> deps;
  private final boolean storable;
  private final Map<String, String> ids = new ConcurrentHashMap<>();
  private volatile @Nullable Export export;

  /**
   * Makes a key.
   *
   * @param deps for each input the alternatives; empty for an operation without inputs
   */
  public CacheKey(String digest, int output, List<List<Link>> deps) {
    this.digest = digest;
    this.output = output;
    this.deps = deps.stream().map(List::copyOf).toList();
    this.storable =
        !digest.startsWith("random:")
            && this.deps.stream().allMatch(d -> d.stream().anyMatch(l -> l.key().isStorable()));
  }

  /** The key of content. */
  public static CacheKey ofContent(String digest) {
    return new CacheKey(digest, -1, List.of());
  }

  /** Digest of the operation, or of the content. */
  public String digest() {
    return digest;
  }

  /** Index of the output; -1 for content. */
  public int output() {
    return output;
  }

  /** For each input the alternatives by which it is known. */
  public List<List<Link>> deps() {
    return deps;
  }

  /**
   * False for keys that no other session can ever meet: random ones, and those with an input that
   * is known by random keys only. They are never stored.
   */
  public boolean isStorable() {
    return storable;
  }

  /** The digest of the stored record of this key: {@code R(D, o)} of cache-keys.md, section 1.2. */
  public String recordDigest() {
    return Sha256.record(digest, output);
  }

  /** The id of this key in the cache of that name, where it is known. */
  public @Nullable String idIn(String cache) {
    return ids.get(cache);
  }

  /** Remembers the id of this key in the cache of that name. */
  public void rememberId(String cache, String id) {
    ids.put(cache, id);
  }

  /** The caches that have met this key, with its id in each. */
  public Map<String, String> ids() {
    return Map.copyOf(ids);
  }

  /** What a cache export has to know; null for keys that have no records. */
  public @Nullable Export export() {
    return export;
  }

  /** Sets what a cache export has to know. */
  public void setExport(Export export) {
    this.export = export;
  }

  @Override
  public String toString() {
    return digest + "@" + output + " of " + deps;
  }

  /**
   * One way to know an input.
   *
   * @param key key of the input
   * @param selector digest of the part of the input that counts; empty for the whole or for content
   */
  public record Link(CacheKey key, String selector) {}

  /**
   * A stored result of a key.
   *
   * @param cache id of the cache that knows it
   * @param key id of the key in that cache
   * @param result the result
   */
  public record Stored(String cache, String key, StoredResult result) {}

  /**
   * What a cache export has to know about a key.
   *
   * @param vertex digest of the vertex that the key belongs to
   * @param used the result that this build made or loaded under the key; null if it used none
   * @param records results known for the key, the best first
   * @param exportCache the client's word on exporting results; null when unset
   * @param secondary for each input further alternatives, found on equal edges
   * @param nested keys of graphs that were solved inside the vertex
   */
  public record Export(
      String vertex,
      @Nullable Stored used,
      Supplier<List<Stored>> records,
      @Nullable Boolean exportCache,
      Supplier<List<SecondaryLink>> secondary,
      List<CacheKey> nested) {}

  /** An alternative for one input that was found on an edge equal to this one. */
  public record SecondaryLink(int input, Link link) {}
}
