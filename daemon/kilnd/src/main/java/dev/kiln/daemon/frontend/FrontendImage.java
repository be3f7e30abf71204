package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.context.LoadedContext;
import dev.kiln.dockerfile.context.NamedContexts;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The image of a frontend: what its files are built from, and how it wants to be run.
 *
 * @param definition its root file system, as LLB
 * @param config the image config, empty when there is none
 */
record FrontendImage(Definition definition, JsonNode config) {
  private static final String IMAGE_SCHEME = "docker-image://";

  /**
   * Finds the image that a build names, or what the build puts in its place by a named context.
   *
   * @param inner the build's bridge as frontends inside the daemon see it
   */
  static FrontendImage find(BuildBridge bridge, FrontendBridge inner, String source)
      throws InterruptedException {
    try {
      Optional<LoadedContext> replaced =
          new NamedContexts(inner)
              .find(source, null)
              .map(context -> context.load("default", List::of));
      if (replaced.isPresent()) {
        LoadedContext loaded = replaced.get();
        return new FrontendImage(
            Marshaller.marshal(loaded.state(), Platform.local()),
            loaded.config() == null ? json("{}") : json(loaded.config().toStringUtf8()));
      }
    } catch (FrontendException e) {
      throw BuildFailure.of(String.valueOf(e.getMessage()), e);
    }
    return resolve(bridge, source);
  }

  private static FrontendImage resolve(BuildBridge bridge, String source)
      throws InterruptedException {
    ImageName name = parse(source).tagged();
    ResolveSourceMetaResponse answer =
        bridge.resolveSourceMeta(
            ResolveSourceMetaRequest.newBuilder()
                .setSource(SourceOp.newBuilder().setIdentifier(IMAGE_SCHEME + name))
                .build());
    String resolved = answer.getSource().getIdentifier();
    ImageName pinned =
        parse(
            resolved.startsWith(IMAGE_SCHEME)
                ? resolved.substring(IMAGE_SCHEME.length())
                : resolved);
    if (!answer.getImage().getDigest().isEmpty()) {
      pinned = pinned.withDigest(answer.getImage().getDigest());
    }
    SourceOp op =
        SourceOp.newBuilder()
            .setIdentifier(IMAGE_SCHEME + pinned)
            .putAttrs("image.recordtype", "frontend")
            .build();
    return new FrontendImage(
        Marshaller.marshal(
            dev.kiln.dockerfile.llb.Sources.of(op, dev.kiln.dockerfile.llb.Constraints.NONE),
            Platform.local()),
        json(answer.getImage().getConfig().toStringUtf8()));
  }

  static ImageName parse(String source) {
    try {
      return ImageName.parse(source);
    } catch (IllegalArgumentException e) {
      throw BuildFailure.of(String.valueOf(e.getMessage()), e);
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  /** The program and its arguments. */
  List<String> args() {
    List<String> entrypoint = texts("Entrypoint");
    return entrypoint.isEmpty() ? List.of("/run") : entrypoint;
  }

  String workingDirectory() {
    String cwd = section().path("WorkingDir").asString("");
    return cwd.isEmpty() ? "/" : cwd;
  }

  /** Variables as {@code NAME=value}. */
  List<String> env() {
    return texts("Env");
  }

  /** A label of the image, empty when it has none such. */
  String label(String name) {
    return section().path("Labels").path(name).asString("");
  }

  private JsonNode section() {
    return config.path("config");
  }

  private List<String> texts(String field) {
    return section().path(field).valueStream().map(each -> each.asString("")).toList();
  }
}
