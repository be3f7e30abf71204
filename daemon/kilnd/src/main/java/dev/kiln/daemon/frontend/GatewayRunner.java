package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.control.Pong;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.failure.FrontendFailure;
import dev.kiln.daemon.gateway.BridgeService;
import dev.kiln.daemon.gateway.CallRunner;
import dev.kiln.daemon.gateway.ContainerTable;
import dev.kiln.daemon.gateway.FrontendSession;
import dev.kiln.daemon.op.OpServices;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.wire.caps.StandardServices;
import dev.kiln.wire.tunnel.StdioServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs frontends that come as images: a container whose process drives the build over its standard
 * input and output (gateway.md, section 2.2). Safe for use by many threads.
 */
public final class GatewayRunner implements BuildServices.FrontendRunner {
  private static final String CAPS_LABEL = "moby.buildkit.frontend.caps";
  private static final String INPUTS_CAP = "moby.buildkit.frontend.inputs";

  private final OpServices services;
  private final Worker worker;
  private final ContainerTable.Factory containers;
  private final List<String> allowed;
  private final Path mountFolder;

  /**
   * @param allowed names of images that may be run, without tags; empty for any
   */
  public GatewayRunner(
      OpServices services, Worker worker, ContainerTable.Factory containers, List<String> allowed) {
    this.services = services;
    this.worker = worker;
    this.containers = containers;
    this.allowed = List.copyOf(allowed);
    this.mountFolder = services.mountFolder();
  }

  @Override
  public BuildResult run(BuildBridge bridge, BuildBridge.Request request)
      throws InterruptedException {
    String source = source(request.options());
    InProcessBridge inner = new InProcessBridge(bridge, request, worker, mountFolder);
    FrontendImage image;
    try {
      image = FrontendImage.find(bridge, inner, source);
    } catch (DockerfileRunner.Interrupted e) {
      throw e.interruption();
    }
    checkCapabilities(image, request);
    BuildRef root = bridge.ref(image.definition(), List.of());
    ImmutableRef tree = root.evaluate().ref();
    if (tree == null) {
      throw BuildFailure.of("gateway source didn't return default result", null);
    }
    try (FrontendSession session =
        new FrontendSession(bridge, request.inputs(), Pong.of(worker.record(false)), containers)) {
      return drive(session, new FrontendProcess(services, worker, bridge, request, image, tree));
    }
  }

  private static BuildResult drive(FrontendSession session, FrontendProcess process)
      throws InterruptedException {
    BridgeService service = new BridgeService(_ -> session, new CallRunner());
    try {
      process.run(
          (in, out) ->
              StdioServer.start(in, out, List.of(service.definition(), StandardServices.health())));
      session.fail(BuildFailure.of("frontend grpc server closed unexpectedly", null));
    } catch (IOException e) {
      session.failOver(BuildFailure.of(String.valueOf(e.getMessage()), e));
    }
    return session.awaitResult();
  }

  private String source(Map<String, String> options) {
    if (options.containsKey("gateway-devel")) {
      throw BuildFailure.of("development gateway is no longer supported", null);
    }
    String source = options.get("source");
    if (source == null) {
      throw BuildFailure.of("no source specified for gateway", null);
    }
    if (!allowed.isEmpty() && !allowed.contains(FrontendImage.parse(source).name())) {
      throw BuildFailure.of("'" + source + "' is not an allowed gateway source", null);
    }
    return source;
  }

  private static void checkCapabilities(FrontendImage image, BuildBridge.Request request) {
    Set<String> wanted = capabilities(request.options().getOrDefault("frontend.caps", ""));
    if (!request.inputs().isEmpty()) {
      wanted.add(INPUTS_CAP);
    }
    wanted.removeAll(capabilities(image.label(CAPS_LABEL)));
    for (String missing : wanted) {
      throw new FrontendFailure(FrontendException.unsupportedCapability(missing));
    }
  }

  /** Names of a comma list, each without its version. */
  private static Set<String> capabilities(String list) {
    Set<String> names = new TreeSet<>();
    Arrays.stream(list.split(",", -1))
        .map(each -> each.split("\\+", 2)[0])
        .filter(name -> !name.isEmpty())
        .forEach(names::add);
    return names;
  }
}
