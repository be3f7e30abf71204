package dev.kiln.solver;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a step ran although results are cached.
 *
 * @param what the first thing that differs from the nearest record, for example {@code environment
 *     variable FOO}; empty unless the reason is {@link Reason#CHANGED}
 * @param before its value at the nearest record; empty if it was not there, or is not to be shown
 * @param now its value; empty if it is not there, or is not to be shown
 * @param nearest the record of a run that is most like this one; null if there is none
 * @param text all of it as words that end a sentence, for example {@code environment variable FOO
 *     was "1", is now "2"}; one line
 */
public record Miss(
    Reason reason, String what, String before, String now, @Nullable Nearest nearest, String text) {
  /** The kinds of reason. */
  public enum Reason {
    /** Nothing like it is known to have run here. */
    NEVER_BUILT("never-built"),
    /** The build asked not to use the cache for the step. */
    NO_CACHE("no-cache"),
    /** Something differs from the nearest record. */
    CHANGED("changed"),
    /** It ran just so before, but what it made is no longer there. */
    RESULT_GONE("result-gone"),
    /** There was a result, which could not be loaded. */
    LOAD_FAILED("load-failed"),
    /** It stands on something that is never cached. */
    NOT_CACHEABLE("not-cacheable");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /** A stable name for records. */
    public String code() {
      return code;
    }
  }

  /**
   * A run of a step.
   *
   * @param name what it was called
   * @param at when it ended
   */
  public record Nearest(String name, Instant at) {}
}
