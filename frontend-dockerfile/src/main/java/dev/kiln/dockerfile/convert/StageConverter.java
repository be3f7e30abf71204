package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.image.ImageConfig;
import dev.kiln.dockerfile.instruction.AddInstruction;
import dev.kiln.dockerfile.instruction.ArgInstruction;
import dev.kiln.dockerfile.instruction.CmdInstruction;
import dev.kiln.dockerfile.instruction.CopyInstruction;
import dev.kiln.dockerfile.instruction.EntrypointInstruction;
import dev.kiln.dockerfile.instruction.EnvInstruction;
import dev.kiln.dockerfile.instruction.ExposeInstruction;
import dev.kiln.dockerfile.instruction.FromInstruction;
import dev.kiln.dockerfile.instruction.HealthcheckInstruction;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.LabelInstruction;
import dev.kiln.dockerfile.instruction.MaintainerInstruction;
import dev.kiln.dockerfile.instruction.OnbuildInstruction;
import dev.kiln.dockerfile.instruction.RunInstruction;
import dev.kiln.dockerfile.instruction.ShellInstruction;
import dev.kiln.dockerfile.instruction.StopSignalInstruction;
import dev.kiln.dockerfile.instruction.UserInstruction;
import dev.kiln.dockerfile.instruction.VolumeInstruction;
import dev.kiln.dockerfile.instruction.WorkdirInstruction;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.Environment;
import dev.kiln.dockerfile.shell.Expansion;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import dev.kiln.dockerfile.text.BooleanText;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import java.util.List;

/**
 * Converts the instructions of stages. Stages are given in order: bases and sources before what
 * needs them.
 */
final class StageConverter {

  private static final ShellLexer DOCUMENTS = ShellLexer.forDocuments();

  private final Conversion conversion;
  private final SettingConverter settings;
  private final ArgConverter args;
  private final WorkdirConverter workdirs;
  private final CopyConverter copies;
  private final RunConverter runs;

  StageConverter(Conversion conversion, IgnorePatterns ignored) {
    this.conversion = conversion;
    this.settings = new SettingConverter(conversion);
    this.args = new ArgConverter(conversion);
    this.workdirs = new WorkdirConverter(conversion);
    this.copies = new CopyConverter(conversion, ignored);
    this.runs = new RunConverter(conversion);
  }

  void convert(BuildStage stage) {
    stage.inherit();
    if (stage.base != null) {
      stage.buildArgs.addAll(stage.base.buildArgs);
    }
    stage.converted = true;
    if (stage.platform == null) {
      stage.platform = conversion.targetPlatform();
    }
    start(stage);
    for (Step step : stage.steps) {
      try {
        convert(stage, step);
      } catch (DockerfileException e) {
        throw e.atIfUnknown(step.instruction().location());
      } catch (ExpansionException | IllegalArgumentException e) {
        throw new DockerfileException(
            String.valueOf(e.getMessage()), step.instruction().location(), e);
      }
    }
    stage.scanContext = isWanted(stage, ArgConverter.SCAN_CONTEXT);
    stage.scanStage = isWanted(stage, ArgConverter.SCAN_STAGE);
  }

  /** Takes over the settings of the image that the stage stands on. */
  private void start(BuildStage stage) {
    String os = stage.platformOr(conversion.targetPlatform()).os();
    if (!stage.image.hasEnv("PATH") && !os.equals("windows")) {
      stage.image.setEnv("PATH", ImageConfig.DEFAULT_PATH);
    }
    for (String entry : stage.image.env()) {
      int equals = entry.indexOf('=');
      stage.state =
          stage.state.withEnv(
              equals < 0 ? entry : entry.substring(0, equals),
              equals < 0 ? "" : entry.substring(equals + 1));
    }
    if (!conversion.options().hostname().isEmpty()) {
      stage.state = stage.state.withHostname(conversion.options().hostname());
    }
    if (!stage.image.workingDir().isEmpty()) {
      workdirs.enter(stage, stage.image.workingDir());
    }
    if (!stage.image.user().isEmpty()) {
      stage.state = stage.state.withUser(stage.image.user());
    }
    stage.state = stage.state.withNetwork(conversion.options().network());
  }

  private void convert(BuildStage stage, Step step) {
    stage.stepOnBuild = step.onBuild();
    LintReporter lint = conversion.lint().withComments(step.instruction().comments());
    switch (expanded(stage, step.instruction(), lint)) {
      case MaintainerInstruction maintainer -> settings.maintainer(stage, maintainer);
      case EnvInstruction env -> settings.env(stage, env, lint);
      case LabelInstruction label -> settings.label(stage, label, lint);
      case OnbuildInstruction onBuild -> settings.onBuild(stage, onBuild);
      case CmdInstruction cmd -> settings.cmd(stage, cmd, lint);
      case EntrypointInstruction entrypoint -> settings.entrypoint(stage, entrypoint, lint);
      case HealthcheckInstruction check -> settings.healthcheck(stage, check, lint);
      case ExposeInstruction expose -> settings.expose(stage, expose, lint);
      case UserInstruction user -> settings.user(stage, user);
      case VolumeInstruction volume -> settings.volume(stage, volume);
      case StopSignalInstruction signal -> settings.stopSignal(stage, signal);
      case ShellInstruction shell -> settings.shell(stage, shell);
      case ArgInstruction arg -> args.convert(stage, arg, lint);
      case WorkdirInstruction workdir -> workdirs.convert(stage, workdir, lint);
      case RunInstruction run -> runs.convert(stage, run, step.sources());
      case CopyInstruction copy -> copies.copy(stage, copy, step.sources(), lint);
      case AddInstruction add -> copies.add(stage, add, lint);
      case FromInstruction from ->
          throw new DockerfileException("FROM isn't allowed as an ONBUILD trigger");
    }
  }

  private Instruction expanded(BuildStage stage, Instruction instruction, LintReporter lint) {
    EnvList env = stage.state.env();
    Instruction expanded = instruction;
    // A default that is not used need not be expandable.
    if (!(instruction instanceof ArgInstruction)) {
      expanded =
          expanded.expand(word -> expand(stage, instruction, conversion.lexer(), word, env, lint));
    }
    return expanded.expandContents(text -> expand(stage, instruction, DOCUMENTS, text, env, lint));
  }

  private static String expand(
      BuildStage stage,
      Instruction instruction,
      ShellLexer lexer,
      String word,
      Environment env,
      LintReporter lint) {
    Expansion expansion = lexer.expand(word, env);
    ArgConverter.reportUndefined(stage, instruction, expansion, env, lint);
    return expansion.text();
  }

  private boolean isWanted(BuildStage stage, String arg) {
    String value = conversion.globals().env().get(arg);
    for (var declared : stage.buildArgs) {
      if (declared.name().equals(arg) && declared.defaultValue() != null) {
        value = declared.defaultValue();
      }
    }
    if (value == null) {
      return false;
    }
    String text = value;
    return BooleanText.parse(text)
        .orElseGet(() -> List.of(text.split(",", -1)).contains(stage.shownName));
  }
}
