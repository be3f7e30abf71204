package dev.kiln.dockerfile.llb;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An output that is decided when the graph is marshalled, such as a local source whose paths are
 * known only after the last stage was converted.
 */
final class DeferredOutput implements Output {

  private final Supplier<State> supplier;
  private @Nullable Output decided;

  DeferredOutput(Supplier<State> supplier) {
    this.supplier = supplier;
  }

  private synchronized Output decided() {
    if (decided == null) {
      Output output = supplier.get().output();
      if (output == null) {
        throw new IllegalStateException("a deferred state must not be empty");
      }
      decided = output;
    }
    return decided;
  }

  @Override
  public Vertex vertex() {
    return decided().vertex();
  }

  @Override
  public int index() {
    return decided().index();
  }

  @Override
  public @Nullable Platform platform() {
    return null;
  }
}
