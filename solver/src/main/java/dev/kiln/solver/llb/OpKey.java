package dev.kiln.solver.llb;

import java.util.List;

/**
 * How an op is keyed: the digest of the op itself, and what counts of each of its inputs.
 *
 * @param digest the cache map's digest
 * @param preimage the JSON text that the digest is made of
 * @param inputs one for each input
 */
public record OpKey(String digest, String preimage, List<InputKey> inputs) {
  /** Copies the list. */
  public OpKey {
    inputs = List.copyOf(inputs);
  }

  /**
   * What counts of one input.
   *
   * @param selector digest to join to the input's definition keys; empty for none
   * @param contentBased whether a key is made of the input's content too
   * @param selectors the parts of the content; empty for the whole tree without following links
   * @param preprocess whether a lazy input is made ready before
   */
  public record InputKey(
      String selector, boolean contentBased, List<ContentSelector> selectors, boolean preprocess) {
    /** An input that counts as a whole. */
    public static final InputKey PLAIN = new InputKey("", false, List.of(), false);

    /** Copies the list. */
    public InputKey {
      selectors = List.copyOf(selectors);
    }
  }
}
