package dev.kiln.dockerfile.context;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.image.ImageConfigJson;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.Sources.Local;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.snapshotter.pattern.IgnoreFile;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceOp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A context that a build option names.
 *
 * @param name short form of the name
 * @param label the name as shown, with the platform if the option has one
 * @param input scheme and value
 * @param sharedKey part of the key under which transfers of a directory are reused
 * @param platform or null for the daemon's own
 */
public record NamedContext(
    NamedContexts contexts,
    String name,
    String label,
    String input,
    String sharedKey,
    @Nullable Platform platform) {

  private static final int MAX_REDIRECTIONS = 10;
  private static final String SCRATCH = "scratch";
  private static final String CONFIG_KEY = "containerimage.config";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Makes the context ready.
   *
   * @param resolveMode how images are looked up
   * @param paths what the build uses of a directory, asked for when the graph is complete
   */
  public LoadedContext load(String resolveMode, Supplier<List<String>> paths) {
    return load(resolveMode, paths, 0);
  }

  private LoadedContext load(String resolveMode, Supplier<List<String>> paths, int redirections) {
    if (redirections > MAX_REDIRECTIONS) {
      throw FrontendException.failed(
          "context recursion limit exceeded; this may indicate a cycle in the provided source"
              + " policies: "
              + input);
    }
    int colon = input.indexOf(':');
    if (colon < 0) {
      throw FrontendException.failed("invalid context specifier " + input + " for " + label);
    }
    String scheme = input.startsWith("git@") ? "git" : input.substring(0, colon);
    String value = input.substring(colon + 1);
    String rest = value.startsWith("//") ? value.substring(2) : value;
    return switch (scheme) {
      case "docker-image" -> image(rest, resolveMode, paths, redirections);
      case "git" ->
          git().orElseThrow(() -> FrontendException.failed("invalid git context " + input));
      case "http", "https" -> git().orElseGet(this::download);
      case "oci-layout" -> ociLayout(rest, resolveMode);
      case "local" -> new LoadedContext(directory(value, paths), null);
      case "input" -> frontendInput(value);
      default ->
          throw FrontendException.failed("unsupported context source " + scheme + " for " + label);
    };
  }

  private FrontendBridge bridge() {
    return contexts.bridge();
  }

  private LoadedContext image(
      String ref, String resolveMode, Supplier<List<String>> paths, int redirections) {
    if (ref.equals(SCRATCH)) {
      return new LoadedContext(State.scratch(), null);
    }
    ImageName image = parsed(ref).tagged();
    SourceMeta meta =
        bridge()
            .resolveSource(
                request(
                    SourceOp.newBuilder().setIdentifier("docker-image://" + image).build(),
                    resolveMode,
                    ref));
    String identifier = meta.source().getIdentifier();
    int scheme = identifier.indexOf("://");
    if (meta.image() == null || scheme < 0 || !identifier.startsWith("docker-image://")) {
      // Source policy says that it is no image at all.
      String redirected =
          scheme < 0
              ? identifier
              : identifier.substring(0, scheme) + ":" + identifier.substring(scheme + 3);
      return new NamedContext(contexts, name, label, redirected, sharedKey, platform)
          .load(resolveMode, paths, redirections + 1);
    }
    Constraints constraints = Constraints.named("[context " + label + "] " + ref).on(platform);
    State state = Sources.image(parsed(identifier.substring(scheme + 3)), "default", constraints);
    return withConfig(state, meta.image().config());
  }

  private SourceRequest request(SourceOp source, String resolveMode, String shown) {
    return new SourceRequest(
        source,
        platform == null ? null : platform.toWire(),
        resolveMode,
        "[context " + label + "] load metadata for " + shown,
        false);
  }

  private static ImageName parsed(String ref) {
    try {
      return ImageName.parse(ref);
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed(String.valueOf(e.getMessage()), e);
    }
  }

  private java.util.Optional<LoadedContext> git() {
    return MainContextReader.gitState(input, false, "").map(s -> new LoadedContext(s, null));
  }

  private LoadedContext download() {
    Constraints constraints = Constraints.named("[context " + label + "] " + input);
    return new LoadedContext(Sources.http(input, MainContext.DOWNLOADED, "", constraints), null);
  }

  private LoadedContext ociLayout(String ref, String resolveMode) {
    ImageName store;
    try {
      store = ImageName.parseVerbatim(ref);
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed(
          "could not parse oci-layout reference \"" + ref + "\": " + e.getMessage(), e);
    }
    if (store.digest().isEmpty()) {
      throw FrontendException.failed("oci-layout reference \"" + ref + "\" has no digest");
    }
    // The store's name may mean nothing to a reader, so the context's own is shown.
    ImageName shown = parsed(name).withDigest(store.digest());
    Constraints constraints =
        Constraints.named("[context " + label + "] OCI load from client").on(platform);
    State state = Sources.ociLayout(shown, bridge().sessionId(), store.name(), constraints);
    SourceOp source = Sources.sourceOf(state).orElseThrow();
    SourceMeta meta = bridge().resolveSource(request(source, resolveMode, shown.toString()));
    if (meta.image() == null) {
      throw FrontendException.failed("oci-layout reference \"" + ref + "\" is not an image");
    }
    return withConfig(state, meta.image().config());
  }

  private State directory(String local, Supplier<List<String>> paths) {
    String session = contexts.sessionOf(local);
    String ignoreFile = MainContext.IGNORE_FILE;
    State ignoreOnly =
        Sources.local(
            new Local(
                local,
                session,
                List.of(),
                List.of(ignoreFile),
                "context:" + label + "-" + ignoreFile,
                "none"),
            Constraints.named("[context " + label + "] load " + ignoreFile));
    Definition definition = Marshaller.marshal(ignoreOnly, Platform.local());
    FrontendRef ref = bridge().solve(SolveRequest.evaluated(definition)).singleRef();
    List<String> excludes = IgnoreFile.parse(readIfPresent(ref, ignoreFile));
    return State.deferred(
        () ->
            Sources.local(
                new Local(
                    local,
                    session,
                    excludes,
                    paths.get(),
                    "context:" + label + "-" + sharedKey,
                    ""),
                Constraints.named("[context " + label + "] load from client")));
  }

  private String readIfPresent(FrontendRef ref, String path) {
    try {
      return new String(bridge().readFile(ref, path, null), StandardCharsets.UTF_8);
    } catch (RuntimeException absent) {
      return "";
    }
  }

  private LoadedContext frontendInput(String key) {
    Definition definition = bridge().inputs().get(key);
    if (definition == null) {
      throw FrontendException.failed("invalid input " + key + " for " + label);
    }
    State state = MainContextReader.input(definition);
    String metadata = bridge().options().get("input-metadata:" + key);
    ByteString config = metadata == null ? null : config(metadata);
    return config == null ? new LoadedContext(state, null) : withConfig(state, config);
  }

  private static @Nullable ByteString config(String metadata) {
    try {
      JsonNode config = JSON.readTree(metadata).path(CONFIG_KEY);
      return config.isString()
          ? ByteString.copyFrom(Base64.getDecoder().decode(config.asString()))
          : null;
    } catch (JacksonException | IllegalArgumentException e) {
      throw FrontendException.failed(
          "failed to parse input metadata " + metadata + ": " + e.getMessage(), e);
    }
  }

  private LoadedContext withConfig(State state, ByteString config) {
    ImageConfig image;
    try {
      image = ImageConfigJson.read(config);
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed(
          "failed to parse image config for " + label + ": " + e.getMessage(), e);
    }
    State configured = state.withEnvEntries(image.env()).withDir(image.workingDir());
    Platform own = image.platform();
    boolean known = !own.os().isEmpty() && !own.architecture().isEmpty();
    return new LoadedContext(known ? configured.withPlatform(own) : configured, config);
  }
}
