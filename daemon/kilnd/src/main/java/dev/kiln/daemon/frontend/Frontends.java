package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.failure.BuildFailure;
import java.util.Map;

/** The frontends by name. Immutable. */
public final class Frontends implements BuildServices.FrontendRunner {
  public static final String DOCKERFILE = "dockerfile.v0";
  public static final String GATEWAY = "gateway.v0";

  private final Map<String, BuildServices.FrontendRunner> byName;

  public Frontends(Map<String, BuildServices.FrontendRunner> byName) {
    this.byName = Map.copyOf(byName);
  }

  @Override
  public BuildResult run(BuildBridge bridge, BuildBridge.Request request)
      throws InterruptedException {
    BuildBridge.Request wanted = builtIn(request);
    BuildServices.FrontendRunner runner = byName.get(wanted.frontend());
    if (runner == null) {
      throw BuildFailure.of("invalid frontend: " + wanted.frontend(), null);
    }
    return runner.run(bridge, wanted);
  }

  /** A gateway whose source is the name of the built-in frontend means the built-in frontend. */
  private static BuildBridge.Request builtIn(BuildBridge.Request request) {
    boolean replaced =
        request.options().keySet().stream()
            .anyMatch(
                key ->
                    key.equals("context:" + DOCKERFILE)
                        || key.startsWith("context:" + DOCKERFILE + "::"));
    if (!request.frontend().equals(GATEWAY)
        || !DOCKERFILE.equals(request.options().get("source"))
        || replaced) {
      return request;
    }
    Map<String, String> options = new java.util.HashMap<>(request.options());
    options.remove("source");
    return new BuildBridge.Request(
        request.definition(),
        DOCKERFILE,
        options,
        request.inputs(),
        request.evaluate(),
        request.cacheImports(),
        request.policies());
  }
}
