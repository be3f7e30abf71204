package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.Result;
import org.jspecify.annotations.Nullable;

/**
 * A tree as a result of the solver; the empty tree has no ref. Each handle holds a handle of the
 * ref.
 */
public final class RefResult implements Result {
  /** Id of the empty tree. */
  public static final String SCRATCH_ID = "scratch";

  private final @Nullable ImmutableRef ref;

  /**
   * @param ref a handle that becomes this result's own; null for the empty tree
   */
  public RefResult(@Nullable ImmutableRef ref) {
    this.ref = ref;
  }

  /** The empty tree. */
  public static RefResult scratch() {
    return new RefResult(null);
  }

  /** The tree of a result; the handle stays the result's. Null for the empty tree. */
  public static @Nullable ImmutableRef refOf(Result result) {
    return ((RefResult) result).ref;
  }

  @Override
  public String id() {
    return ref == null ? SCRATCH_ID : ref.id();
  }

  @Override
  public RefResult retain() {
    return new RefResult(ref == null ? null : ref.retain());
  }

  @Override
  public void release() {
    if (ref != null) {
      ref.close();
    }
  }
}
