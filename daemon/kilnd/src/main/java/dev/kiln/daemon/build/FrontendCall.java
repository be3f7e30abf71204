package dev.kiln.daemon.build;

import dev.kiln.solver.pb.Definition;
import java.util.Map;

/**
 * What a frontend was asked.
 *
 * @param frontend its name; empty when the client drives the build itself
 */
public record FrontendCall(
    String frontend, Map<String, String> options, Map<String, Definition> inputs) {
  public FrontendCall {
    options = Map.copyOf(options);
    inputs = Map.copyOf(inputs);
  }

  /** Whether nothing was asked at all. */
  public boolean isEmpty() {
    return frontend.isEmpty() && options.isEmpty() && inputs.isEmpty();
  }
}
