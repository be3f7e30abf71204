package dev.kiln.daemon.failure;

import dev.kiln.snapshotter.ref.ImmutableRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The trees of a step that failed, kept so that somebody can look into them: what it was given and
 * what it left. They stay until the step's vertex is released. Safe for use by many threads.
 */
public final class KeptTrees {
  private final List<@Nullable ImmutableRef> inputs;
  private final List<@Nullable ImmutableRef> left;
  private boolean released;

  /**
   * Takes the handles over.
   *
   * @param inputs for an exec one per mount, for a file op one per input; null where there is none
   * @param left for an exec one per mount, for a file op one per action; null where there is none
   */
  public KeptTrees(List<@Nullable ImmutableRef> inputs, List<@Nullable ImmutableRef> left) {
    this.inputs = new ArrayList<>(inputs);
    this.left = new ArrayList<>(left);
  }

  /** What a failure may carry. */
  public interface Holder {
    /** The trees of the failed step, null when there are none to look into. */
    @Nullable KeptTrees trees();
  }

  /**
   * New handles of all trees, in the order that the errors of solves list them.
   *
   * @param inputs as of the constructor; every handle is the receiver's to close
   * @param left as of the constructor
   */
  public record Handles(List<@Nullable ImmutableRef> inputs, List<@Nullable ImmutableRef> left) {}

  /** New handles, or empty lists when the trees were released. */
  public synchronized Handles retain() {
    return released
        ? new Handles(List.of(), List.of())
        : new Handles(retained(inputs), retained(left));
  }

  private static List<@Nullable ImmutableRef> retained(List<@Nullable ImmutableRef> refs) {
    List<@Nullable ImmutableRef> handles = new ArrayList<>();
    for (ImmutableRef ref : refs) {
      handles.add(ref == null ? null : ref.retain());
    }
    return handles;
  }

  /** Lets go of the trees. */
  public synchronized void release() {
    if (!released) {
      released = true;
      close(inputs);
      close(left);
    }
  }

  private static void close(List<@Nullable ImmutableRef> refs) {
    for (ImmutableRef ref : refs) {
      if (ref != null) {
        ref.close();
      }
    }
  }
}
