package dev.kiln.solver;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How an operation is keyed.
 *
 * @param digest digest of the operation without its inputs; {@code random:} keys are never stored
 * @param deps one for each input
 * @param done false if the operation has a further key at the next index
 */
public record CacheMap(String digest, List<Dep> deps, boolean done) {
  /** Copies the list. */
  public CacheMap {
    deps = List.copyOf(deps);
  }

  /** The only key of an operation whose inputs count as a whole. */
  public static CacheMap plain(String digest, int inputs) {
    return new CacheMap(digest, IntStream.range(0, inputs).mapToObj(i -> Dep.PLAIN).toList(), true);
  }

  /**
   * What counts of one input.
   *
   * @param selector digest joined to the definition keys of the input; empty for none
   * @param contentKey makes a key from the content of the finished input; null for none
   * @param preprocess runs on the finished input before content is hashed and before the operation
   *     runs; null for none
   * @param contents lists what the content key is made of; null where that cannot be told
   */
  public record Dep(
      String selector,
      @Nullable ContentKey contentKey,
      @Nullable Preprocess preprocess,
      @Nullable Contents contents) {
    /** An input that counts as a whole. */
    public static final Dep PLAIN = new Dep("", null, null);

    /** An input whose contents are not listed. */
    public Dep(String selector, @Nullable ContentKey contentKey, @Nullable Preprocess preprocess) {
      this(selector, contentKey, preprocess, null);
    }
  }

  /** Makes a digest from the content of a result. */
  @FunctionalInterface
  public interface ContentKey {
    /** Computes the digest; the handle stays the solver's. */
    String compute(Result input, OpContext context) throws Exception;
  }

  /** Lists the content that a digest was made from. */
  @FunctionalInterface
  public interface Contents {
    /**
     * Lists files and folders, after the content key was computed; the handle stays the solver's.
     */
    List<Entry> list(Result input) throws Exception;
  }

  /**
   * A file or a folder.
   *
   * @param path below what it was listed with
   * @param digest of all that counts of it
   * @param folder lists what is in it; null if that does not count or cannot be told
   */
  public record Entry(String path, String digest, @Nullable Supplier<List<Entry>> folder) {}

  /** Makes a result ready for use, for example unpacks its layers. */
  @FunctionalInterface
  public interface Preprocess {
    /**
     * Does the work.
     *
     * @param input the handle stays the solver's
     * @param context the context of the <em>input's</em> vertex, so that progress shows there
     */
    void run(Result input, OpContext context) throws Exception;
  }
}
