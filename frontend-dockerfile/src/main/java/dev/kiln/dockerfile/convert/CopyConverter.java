package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.AddInstruction;
import dev.kiln.dockerfile.instruction.CopyInstruction;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.text.Quoted;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import java.util.List;

/** Converts COPY and ADD. */
final class CopyConverter {

  private final Conversion conversion;
  private final IgnoredSources ignored;

  CopyConverter(Conversion conversion, IgnorePatterns patterns) {
    this.conversion = conversion;
    this.ignored = new IgnoredSources(patterns);
  }

  void copy(BuildStage stage, CopyInstruction copy, List<BuildStage> sources, LintReporter lint) {
    BuildStage source = sources.isEmpty() ? null : sources.getFirst();
    if (source != null && !source.converted) {
      throw new DockerfileException(
          "cannot copy from stage "
              + Quoted.quoted(copy.from())
              + ", it needs to be defined before current stage "
              + Quoted.quoted(stage.shownName));
    }
    if (source == null) {
      ignored.report("Copy", copy.sources().paths(), copy.location(), lint);
    }
    State files = source == null ? conversion.buildContext() : source.state;
    convert(stage, CopyRequest.of(copy, files));
    for (String path : copy.sources().paths()) {
      if (source == null) {
        stage.useContextPath(path);
      } else {
        source.usePath(path);
      }
    }
  }

  void add(BuildStage stage, AddInstruction add, LintReporter lint) {
    ignored.report(
        "Add",
        add.sources().paths().stream().filter(path -> !RemoteSource.isRemote(path)).toList(),
        add.location(),
        lint);
    convert(stage, CopyRequest.of(add, conversion.buildContext()));
    for (String path : add.sources().paths()) {
      if (!path.startsWith("http://") && !path.startsWith("https://")) {
        stage.useContextPath(path);
      }
    }
  }

  private void convert(BuildStage stage, CopyRequest request) {
    Platform platform = stage.platformOr(conversion.targetPlatform());
    EnvList env = stage.state.env();
    String shown = StepNames.shown(conversion.lexer(), request.origin().code(), env);
    request.checkChecksum();
    String prefix =
        StepNames.nextPrefix(stage, conversion.options().multiPlatform(), platform, env);
    List<FileAction> actions = new CopyActions(stage, request, platform, prefix + shown).all();
    Constraints constraints =
        conversion.located(Constraints.named(prefix + shown), request.origin().location());
    if (stage.ignoreCache) {
      constraints = constraints.ignoringCache();
    }
    if (request.link() && request.chmod().isEmpty()) {
      link(stage, actions, constraints, platform, prefix, shown);
    } else {
      stage.state = stage.state.file(actions, constraints);
    }
    stage.addHistory(conversion, request.createdBy() + " # buildkit", true);
  }

  /** Copies onto nothing and lays the result on top, so that layers below may change freely. */
  private static void link(
      BuildStage stage,
      List<FileAction> actions,
      Constraints constraints,
      Platform platform,
      String prefix,
      String shown) {
    String group = GroupIds.next();
    State copied =
        State.scratch()
            .file(actions, constraints.on(platform).inGroup(group, prefix + shown, true));
    State merged =
        State.merge(
            List.of(stage.state, copied),
            constraints.inGroup(group, prefix + shown, false).withName(prefix + "LINK " + shown));
    stage.state = stage.state.withFilesOf(merged);
  }
}
