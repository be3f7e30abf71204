package dev.kiln.dockerfile.bridge;

import dev.kiln.solver.pb.Definition;
import java.util.List;
import java.util.Map;

/**
 * One request to build something.
 *
 * @param definition what to build; the default instance asks for the empty file system, unless a
 *     frontend is named
 * @param frontend name of the frontend that shall build instead, such as {@code gateway.v0}; empty
 *     for none
 * @param frontendOptions options for that frontend
 * @param frontendInputs inputs for that frontend
 * @param evaluate true if the results shall be computed before the call returns
 * @param cacheImports caches that may be used, beyond those of the whole build
 */
public record SolveRequest(
    Definition definition,
    String frontend,
    Map<String, String> frontendOptions,
    Map<String, Definition> frontendInputs,
    boolean evaluate,
    List<CacheImport> cacheImports) {

  public SolveRequest {
    frontendOptions = Map.copyOf(frontendOptions);
    frontendInputs = Map.copyOf(frontendInputs);
    cacheImports = List.copyOf(cacheImports);
  }

  /** Asks for a definition. */
  public static SolveRequest of(Definition definition) {
    return new SolveRequest(definition, "", Map.of(), Map.of(), false, List.of());
  }

  /** Asks for a definition, computed before the call returns. */
  public static SolveRequest evaluated(Definition definition) {
    return new SolveRequest(definition, "", Map.of(), Map.of(), true, List.of());
  }

  /** Hands the build to another frontend. */
  public static SolveRequest forward(
      String frontend, Map<String, String> options, Map<String, Definition> inputs) {
    return new SolveRequest(
        Definition.getDefaultInstance(), frontend, options, inputs, false, List.of());
  }

  /** The same request with caches to use. */
  public SolveRequest importing(List<CacheImport> imports) {
    return new SolveRequest(
        definition, frontend, frontendOptions, frontendInputs, evaluate, imports);
  }

  /**
   * A cache to use.
   *
   * @param type such as {@code registry}
   */
  public record CacheImport(String type, Map<String, String> attributes) {
    public CacheImport {
      attributes = Map.copyOf(attributes);
    }
  }
}
