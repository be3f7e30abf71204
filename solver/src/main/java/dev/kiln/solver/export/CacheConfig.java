package dev.kiln.solver.export;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cache configuration, media type {@value #MEDIA_TYPE} (exporters-and-cache.md, section 4.1).
 * JSON by {@link CacheConfigJson}.
 */
public record CacheConfig(List<Layer> layers, List<Entry> records) {
  /** The media type of the JSON form. */
  public static final String MEDIA_TYPE = "application/vnd.buildkit.cacheconfig.v0";

  /** The time that is written where none is known. */
  public static final Instant NO_TIME = Instant.parse("0001-01-01T00:00:00Z");

  /** Copies the lists. */
  public CacheConfig {
    layers = List.copyOf(layers);
    records = List.copyOf(records);
  }

  /**
   * A layer.
   *
   * @param blob digest of the blob
   * @param parent index of the layer below; -1 for none
   * @param annotations what backends without a manifest must know of the blob; null elsewhere
   */
  public record Layer(String blob, int parent, @Nullable Annotations annotations) {}

  /** What is known of a blob. */
  public record Annotations(String mediaType, String diffId, long size, Instant createdAt) {}

  /**
   * A record: a key with its inputs and results.
   *
   * @param digest {@code R(D, o)} of cache-keys.md
   * @param inputs for each input the alternatives; empty for a key without inputs
   * @param results results as a layer with all below it
   * @param chains results as lists of layers
   */
  public record Entry(
      String digest, List<List<Input>> inputs, List<Top> results, List<Chain> chains) {
    /** Copies the lists. */
    public Entry {
      inputs = inputs.stream().map(List::copyOf).toList();
      results = List.copyOf(results);
      chains = List.copyOf(chains);
    }
  }

  /** An alternative for an input: the record at index {@code link}, by its selector. */
  public record Input(String selector, int link) {}

  /** A result: the layer at that index with its parents. */
  public record Top(int layer, Instant createdAt) {}

  /** A result: layers by index, the lowest first. */
  public record Chain(List<Integer> layers, Instant createdAt) {
    /** Copies the list. */
    public Chain {
      layers = List.copyOf(layers);
    }
  }
}
