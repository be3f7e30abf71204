package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.gateway.ContainerTable;
import dev.kiln.daemon.op.OpServices;
import dev.kiln.daemon.worker.Worker;
import java.util.HashMap;
import java.util.Map;

/** The frontends by name. Immutable. */
public final class Frontends implements BuildServices.FrontendRunner {
  public static final String DOCKERFILE = "dockerfile.v0";
  public static final String GATEWAY = "gateway.v0";

  private final Map<String, BuildServices.FrontendRunner> byName;

  /** The frontends that the configuration lets builds name. */
  public static Frontends of(
      KilndConfig.Frontends config,
      OpServices services,
      Worker worker,
      ContainerTable.Factory containers) {
    Map<String, BuildServices.FrontendRunner> runners = new HashMap<>();
    if (config.dockerfile()) {
      runners.put(DOCKERFILE, new DockerfileRunner(worker, services.mountFolder()));
    }
    if (config.gateway()) {
      runners.put(
          GATEWAY, new GatewayRunner(services, worker, containers, config.gatewayRepositories()));
    }
    return new Frontends(runners);
  }

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
