package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.instruction.Dockerfile;
import dev.kiln.dockerfile.instruction.DockerfileReader;
import dev.kiln.dockerfile.lint.LintConfig;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.Directive;
import dev.kiln.dockerfile.parser.Directives;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.DockerfileParser;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.parser.SyntaxTree;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.ShellLexer;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import dev.kiln.solver.pb.ProxyEnv;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Converts one Dockerfile for one platform: reads it, orders its stages, resolves their bases,
 * converts the stages that the target needs, and sums up what they use of the build context. Used
 * once, by one thread.
 */
public final class DockerfileConverter {

  private final ConversionRequest request;
  private final LintReporter lint;
  private final StageGraph graph = new StageGraph();

  /** The main context, known once all stages have said what they use of it. */
  private final AtomicReference<State> buildContext = new AtomicReference<>();

  private @Nullable OffsetDateTime epoch;

  private DockerfileConverter(ConversionRequest request) {
    this.request = request;
    this.lint = new LintReporter(lintConfig(request), request.warnings());
  }

  /**
   * Converts.
   *
   * @throws DockerfileException if the file cannot be built as written
   */
  public static Converted convert(ConversionRequest request) {
    DockerfileConverter converter = new DockerfileConverter(request);
    BuildStage target = converter.run();
    return converter.result(target);
  }

  /** What the target needs from outside, as the answer to {@code frontend.outline}. */
  public static Outline outline(ConversionRequest request) {
    return Outline.of(new DockerfileConverter(request).run());
  }

  private static LintConfig lintConfig(ConversionRequest request) {
    LintConfig given = request.options().lint();
    if (given != null) {
      return given;
    }
    String directive =
        Directives.find("check", request.file().data().toByteArray())
            .map(Directive::firstWord)
            .orElse("");
    try {
      return LintConfig.parse(directive);
    } catch (DockerfileException e) {
      throw e.prefixed("failed to parse check options: ");
    }
  }

  private BuildStage run() {
    if (request.file().data().isEmpty()) {
      throw new DockerfileException("the Dockerfile cannot be empty");
    }
    SyntaxTree tree = DockerfileParser.parse(request.file().data().toByteArray());
    for (Location empty : tree.emptyContinuations()) {
      lint.report(LintFinding.noEmptyContinuation(), empty);
    }
    Dockerfile dockerfile = DockerfileReader.read(tree, lint);
    if (dockerfile.stages().isEmpty()) {
      throw new DockerfileException("dockerfile contains no stages to build");
    }
    FileRules.report(dockerfile.stages(), lint);
    Conversion conversion = conversion(dockerfile);
    new StageReader(conversion, graph).readAll(dockerfile.stages());
    BuildStage target = graph.target(request.options().target());
    StepReader steps = new StepReader(conversion, graph);
    steps.readAll();
    graph.refuseCycles();
    if (graph.stages().size() == 1) {
      graph.stages().getFirst().shownName = "";
    }
    Set<BuildStage> needed =
        new StageResolver(conversion, graph, steps, request.allStages()).resolve(target);
    convertStages(conversion, needed);
    target.usedPaths.add("/");
    finish(target, conversion, needed);
    return target;
  }

  private Conversion conversion(Dockerfile dockerfile) {
    Platform asked = request.platform();
    Platform platform = asked == null ? request.options().buildPlatform() : asked;
    ShellLexer lexer = new ShellLexer(dockerfile.escapeToken());
    String lastStage = dockerfile.stages().getLast().name();
    String targetName = request.options().target();
    EnvList predefined =
        GlobalArgs.predefined(
            request.options().buildPlatform(),
            platform,
            targetName.isEmpty() ? lastStage : targetName,
            request.options().buildArgs());
    FromRules.reportInvalidDefaults(
        dockerfile.stages(), dockerfile.metaArgs(), predefined, lexer, lint);
    Map<String, String> buildArgs = new TreeMap<>(request.options().buildArgs());
    GlobalArgs globals = GlobalArgs.declare(predefined, dockerfile.metaArgs(), buildArgs, lexer);
    SourceDateEpoch epochs =
        new SourceDateEpoch(request.contexts(), dockerfile.stages(), lexer, buildArgs);
    SourceDateEpoch.Resolved resolved = epochs.resolve(globals);
    epoch = resolved.time();
    return new Conversion(
        request.options(),
        request.contexts(),
        request.file().map(),
        lint,
        lexer,
        buildArgs,
        resolved.globals(),
        platform,
        asked == null,
        epoch,
        State.deferred(buildContext::get),
        proxy(buildArgs));
  }

  private static @Nullable ProxyEnv proxy(Map<String, String> buildArgs) {
    ProxyEnv.Builder proxy = ProxyEnv.newBuilder();
    boolean found = false;
    for (Map.Entry<String, String> arg : buildArgs.entrySet()) {
      String value = arg.getValue();
      switch (arg.getKey().toLowerCase(java.util.Locale.ROOT)) {
        case "http_proxy" -> proxy.setHttpProxy(value);
        case "https_proxy" -> proxy.setHttpsProxy(value);
        case "ftp_proxy" -> proxy.setFtpProxy(value);
        case "no_proxy" -> proxy.setNoProxy(value);
        case "all_proxy" -> proxy.setAllProxy(value);
        default -> {
          continue;
        }
      }
      found = true;
    }
    return found ? proxy.build() : null;
  }

  private void convertStages(Conversion conversion, Set<BuildStage> needed) {
    IgnorePatterns ignored = IgnorePatterns.of(request.contexts().ignorePatterns());
    StageConverter converter = new StageConverter(conversion, ignored);
    for (BuildStage stage : graph.stages()) {
      if (request.allStages() || (needed.contains(stage) && !stage.converted)) {
        converter.convert(stage);
      }
    }
  }

  private void finish(BuildStage target, Conversion conversion, Set<BuildStage> needed) {
    target.image.putLabels(request.options().labels());
    lint.failIfAsked();
    Set<String> paths = new TreeSet<>();
    for (BuildStage stage : graph.stages()) {
      if (request.allStages() || needed.contains(stage)) {
        paths.addAll(stage.contextPaths);
      }
    }
    buildContext.set(request.contexts().mainContext(BuildStage.followPaths(paths)));
    target.image.setPlatform(imagePlatform(target.image, conversion).normalized());
  }

  /** An image is for the platform that was asked for, whatever its base says. */
  private static Platform imagePlatform(ImageConfig image, Conversion conversion) {
    Platform own = image.platform();
    if (conversion.implicitTarget()) {
      return own;
    }
    Platform target = conversion.targetPlatform();
    boolean same = target.os().equals(own.os()) && target.architecture().equals(own.architecture());
    return new Platform(
        target.os(),
        target.architecture(),
        same && target.variant().isEmpty() ? own.variant() : target.variant(),
        same && target.osVersion().isEmpty() ? own.osVersion() : target.osVersion(),
        target.osFeatures().isEmpty() ? own.osFeatures() : target.osFeatures());
  }

  private Converted result(BuildStage target) {
    Map<String, State> extras = new LinkedHashMap<>();
    boolean ignoresCache = target.ignoreCache;
    State context = buildContext.get();
    if (target.scanContext && context != null) {
      extras.put("context", context);
    }
    for (BuildStage stage : StageGraph.reachable(target)) {
      if (stage != target && stage.scanStage) {
        extras.put(stage.shownName, stage.state);
        ignoresCache |= stage.ignoreCache;
      }
    }
    Platform platform =
        request.platform() == null ? request.options().buildPlatform() : request.platform();
    return new Converted(
        target.state, platform, target.image, target.baseImage, epoch, extras, ignoresCache);
  }
}
