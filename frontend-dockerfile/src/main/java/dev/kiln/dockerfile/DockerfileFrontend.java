package dev.kiln.dockerfile;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.Warning;
import dev.kiln.dockerfile.context.BuildContexts;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.context.DockerfileText;
import dev.kiln.dockerfile.context.OptionReader;
import dev.kiln.dockerfile.context.SharedLookups;
import dev.kiln.dockerfile.convert.ConversionRequest;
import dev.kiln.dockerfile.convert.SourceRanges;
import dev.kiln.dockerfile.lint.LintSink;
import dev.kiln.dockerfile.parser.Directive;
import dev.kiln.dockerfile.parser.Directives;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The built-in frontend {@code dockerfile.v0}. Stateless and safe to share. */
public final class DockerfileFrontend {

  private static final String LANGUAGE = "Dockerfile";
  private static final String SYNTAX_ARG = "build-arg:BUILDKIT_SYNTAX";
  private static final int LINT_LEVEL = 1;

  /**
   * Builds what the bridge's options ask for.
   *
   * @throws FrontendException if the Dockerfile or an option is at fault
   */
  public FrontendResult build(FrontendBridge daemon) {
    FrontendBridge bridge = new SharedLookups(daemon);
    BuildOptions options = OptionReader.read(bridge);
    RequiredCapabilities capabilities =
        RequiredCapabilities.parse(bridge.options().getOrDefault("frontend.caps", ""));
    capabilities.failUnlessForwarded();
    BuildContexts contexts = BuildContexts.open(bridge);
    DockerfileText file = contexts.readDockerfile(LANGUAGE);
    Optional<FrontendResult> forwarded = forward(bridge, file);
    if (forwarded.isPresent()) {
      return forwarded.get();
    }
    capabilities.fail();
    ConversionRequest request =
        new ConversionRequest(file, options, contexts, null, warnings(bridge, file), false);
    String subrequest = bridge.options().get("requestid");
    try {
      if (subrequest != null) {
        return new Subrequests(request).answer(subrequest);
      }
      return new PlatformBuilds(request).build();
    } catch (DockerfileException e) {
      throw located(e, file);
    }
  }

  /** Hands the build to the frontend image that the Dockerfile or an argument names. */
  private static Optional<FrontendResult> forward(FrontendBridge bridge, DockerfileText file) {
    if (bridge.options().containsKey("cmdline")) {
      return Optional.empty(); // The image has handed it back, or is this frontend itself.
    }
    String argument = bridge.options().get(SYNTAX_ARG);
    if (argument != null) {
      try {
        return Optional.of(forward(bridge, argument.strip().split(" ", 2)[0], argument));
      } catch (RuntimeException e) {
        throw FrontendException.failed(
            "failed with " + SYNTAX_ARG + " = " + argument + ": " + e.getMessage(), e);
      }
    }
    Optional<Directive> directive = Directives.syntax(file.data().toByteArray());
    if (directive.isEmpty()) {
      return Optional.empty();
    }
    Directive found = directive.get();
    try {
      return Optional.of(forward(bridge, found.firstWord(), found.value()));
    } catch (RuntimeException e) {
      throw located(
          new DockerfileException(String.valueOf(e.getMessage()), found.location(), e), file);
    }
  }

  private static FrontendResult forward(FrontendBridge bridge, String image, String cmdline) {
    Map<String, String> options = new LinkedHashMap<>(bridge.options());
    options.put("cmdline", cmdline);
    options.put("source", image);
    return bridge.solve(SolveRequest.forward("gateway.v0", options, bridge.inputs()));
  }

  private static LintSink warnings(FrontendBridge bridge, DockerfileText file) {
    return warning ->
        bridge.warn(
            new Warning(
                file.vertexDigest(),
                LINT_LEVEL,
                warning.shortText(),
                List.of(warning.rule().description()),
                warning.rule().url(),
                file.map().toWire(),
                SourceRanges.of(warning.location())));
  }

  private static FrontendException located(DockerfileException e, DockerfileText file) {
    List<FrontendException.Source> sources =
        e.locations().stream()
            .map(
                (Location place) ->
                    new FrontendException.Source(file.map().toWire(), SourceRanges.of(place)))
            .toList();
    return FrontendException.at(sources, e.message(), e);
  }

  /** A text as metadata holds it. */
  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
