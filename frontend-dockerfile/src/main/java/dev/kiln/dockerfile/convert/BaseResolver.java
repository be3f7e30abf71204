package dev.kiln.dockerfile.convert;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.context.LoadedContext;
import dev.kiln.dockerfile.context.NamedContext;
import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.image.ImageConfigJson;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.Environment;
import dev.kiln.dockerfile.text.Quoted;
import dev.kiln.dockerfile.text.Suggestion;
import dev.kiln.solver.pb.SourceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds out what a stage without a base stage stands on: nothing, an image, or a named context. */
final class BaseResolver {

  private static final String IMAGE_SCHEME = "docker-image://";
  private static final List<String> COMMON_IMAGES =
      List.of("alpine", "busybox", "centos", "debian", "golang", "ubuntu", "fedora");

  private final Conversion conversion;
  private final StageGraph graph;

  BaseResolver(Conversion conversion, StageGraph graph) {
    this.conversion = conversion;
    this.graph = graph;
  }

  /**
   * Resolves the base of one stage. May run for several stages at once.
   *
   * @param needed false to check the name only
   */
  void resolve(BuildStage stage, boolean needed) {
    if (stage.standsOnScratch() && stage.replacement == null) {
      stage.state = State.scratch();
      stage.image = ImageConfig.empty(conversion.targetPlatform());
      stage.platform = conversion.targetPlatform();
    } else {
      resolveNamed(stage, needed);
    }
    if (stage.implied) {
      stage.converted = true;
    }
  }

  private void resolveNamed(BuildStage stage, boolean needed) {
    try {
      String written = stage.baseName;
      ImageName name = parsed(written);
      stage.baseName = name.tagged().toString();
      if (!needed) {
        return;
      }
      if (stage.replacement != null) {
        replace(stage, stage.replacement);
        return;
      }
      Platform platform = stage.platformOr(conversion.targetPlatform());
      Optional<NamedContext> context = conversion.contexts().named().find(stage.baseName, platform);
      if (context.isPresent()) {
        standOn(stage, context.get(), platform);
      } else {
        standOnImage(stage, written, name, platform);
      }
    } catch (DockerfileException e) {
      throw e.atIfUnknown(stage.location);
    } catch (dev.kiln.dockerfile.bridge.FrontendException e) {
      throw new DockerfileException(String.valueOf(e.getMessage()), stage.location, e);
    }
  }

  private static ImageName parsed(String text) {
    try {
      return ImageName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new DockerfileException(
          "failed to parse stage name " + Quoted.quoted(text) + ": " + e.getMessage());
    }
  }

  private LoadedContext load(BuildStage stage, NamedContext context) {
    return context.load(
        conversion.options().imageResolveMode(), () -> BuildStage.followPaths(stage.usedPaths));
  }

  /** A context takes the place of the whole stage. */
  private void replace(BuildStage stage, NamedContext context) {
    LoadedContext loaded = load(stage, context);
    stage.converted = true;
    stage.state = loaded.state();
    if (loaded.config() != null) {
      ImageConfig image = config(loaded.config());
      image.clearCreated();
      stage.image = image;
      Platform own = image.platform();
      if (!own.os().isEmpty() && !own.architecture().isEmpty()) {
        stage.platform = own;
      }
    }
  }

  private void standOn(BuildStage stage, NamedContext context, Platform platform) {
    LoadedContext loaded = load(stage, context);
    ImageConfig image =
        loaded.config() == null ? ImageConfig.empty(platform) : config(loaded.config());
    image.clearCreated();
    stage.baseImage = image.copy();
    stage.image = image;
    stage.state = loaded.state().withPlatform(platform);
    stage.platform = platform;
  }

  private static ImageConfig config(ByteString json) {
    try {
      return ImageConfigJson.read(json);
    } catch (IllegalArgumentException e) {
      throw new DockerfileException("failed to parse image config: " + e.getMessage());
    }
  }

  private void standOnImage(BuildStage stage, String written, ImageName name, Platform wanted) {
    SourceMeta meta = lookUp(stage, written, wanted);
    String identifier = meta.source().getIdentifier();
    ImageName found =
        identifier.startsWith(IMAGE_SCHEME)
            ? parsed(identifier.substring(IMAGE_SCHEME.length()))
            : name;
    SourceMeta.Image data = meta.image();
    if (data == null) {
      throw new DockerfileException(
          written + ": could not use " + identifier + " as a base: it is not an image");
    }
    ImageConfig image = config(data.config());
    stage.baseImage = image.copy();
    image.clearCreated();
    Platform platform =
        stage.platform == null && conversion.implicitTarget()
            ? detected(image.platform(), wanted)
            : wanted;
    stage.baseName = (data.digest().isEmpty() ? found : found.withDigest(data.digest())).toString();
    stage.image = image;
    stage.state =
        image.hasNoLayers()
            ? State.scratch()
            : imageState(stage, platform, written, image.platform());
    stage.platform = platform;
  }

  private State imageState(BuildStage stage, Platform platform, String written, Platform actual) {
    String prefix =
        StepNames.nextPrefix(
            stage, conversion.options().multiPlatform(), platform, Environment.EMPTY);
    Constraints constraints =
        Constraints.named(prefix + "FROM " + stage.baseName)
            .withDescription("com.docker.dockerfile.v1.command", stage.code)
            .on(platform);
    FromRules.reportPlatformMismatch(written, platform, actual, stage, conversion.lint());
    return Sources.image(
        parsed(stage.baseName),
        conversion.options().imageResolveMode(),
        conversion.located(constraints, stage.location));
  }

  private SourceMeta lookUp(BuildStage stage, String written, Platform platform) {
    String prefix =
        conversion.options().multiPlatform() ? platform.formatAll() + " internal" : "internal";
    SourceRequest request =
        new SourceRequest(
            SourceOp.newBuilder().setIdentifier(IMAGE_SCHEME + stage.baseName).build(),
            platform.toWire(),
            conversion.options().imageResolveMode(),
            "[" + prefix + "] load metadata for " + stage.baseName,
            false);
    try {
      return conversion.contexts().bridge().resolveSource(request);
    } catch (RuntimeException e) {
      List<String> known = new ArrayList<>(graph.names());
      for (String image : COMMON_IMAGES) {
        known.add(image);
        known.add(image + ":latest");
      }
      throw new DockerfileException(
          Suggestion.append(written + ": " + e.getMessage(), written, known, true),
          stage.location,
          e);
    }
  }

  /** The platform of an image that nobody has asked for a platform of. */
  private Platform detected(Platform image, Platform target) {
    Platform build = conversion.options().buildPlatform();
    boolean same =
        target.os().equals(image.os()) && target.architecture().equals(image.architecture());
    boolean runsHere =
        build.os().equals(image.os()) && build.architecture().equals(image.architecture());
    return !same && runsHere ? build : target;
  }
}
