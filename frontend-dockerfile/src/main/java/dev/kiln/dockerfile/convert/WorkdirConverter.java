package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.WorkdirInstruction;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.Owner;
import dev.kiln.dockerfile.llb.Platform;
import java.time.OffsetDateTime;
import java.util.List;

/** Converts WORKDIR: the directory is made if it is not there. */
final class WorkdirConverter {

  private static final int MODE = 0755;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Conversion conversion;

  WorkdirConverter(Conversion conversion) {
    this.conversion = conversion;
  }

  void convert(BuildStage stage, WorkdirInstruction instruction, LintReporter lint) {
    Platform platform = stage.platformOr(conversion.targetPlatform());
    // Bases may change, so that only directories set in this file are relied upon.
    if (!stage.workdirSet && !SystemPath.isAbsolute(instruction.path(), platform.os())) {
      lint.report(LintFinding.workdirRelativePath(instruction.path()), instruction.location());
    }
    stage.workdirSet = true;
    String path = enter(stage, instruction.path());
    boolean layer = !path.equals("/");
    if (layer) {
      make(stage, instruction, path, platform);
    }
    stage.addHistory(conversion, "WORKDIR " + path, layer);
  }

  /** Changes the working directory of a stage without making it; answers its path. */
  String enter(BuildStage stage, String path) {
    String os = stage.platformOr(conversion.targetPlatform()).os();
    String absolute = SystemPath.absolute(stage.image.workingDir(), path, os, false);
    stage.image.setWorkingDir(SystemPath.fromSlash(absolute, os));
    stage.state = stage.state.withDir(absolute);
    return absolute;
  }

  private void make(
      BuildStage stage, WorkdirInstruction instruction, String path, Platform platform) {
    String prefix =
        StepNames.nextPrefix(
            stage, conversion.options().multiPlatform(), platform, stage.state.env());
    String shown =
        StepNames.shown(conversion.lexer(), instruction.origin().code(), stage.state.env());
    String user = stage.image.user();
    FileAction mkdir =
        new FileAction.MkDir(
            path, MODE, true, user.isEmpty() ? null : Owner.parse(user), timeNanos());
    Constraints constraints = Constraints.named(prefix + shown).on(platform);
    stage.state =
        stage.state.file(List.of(mkdir), conversion.located(constraints, instruction.location()));
  }

  private long timeNanos() {
    OffsetDateTime epoch = conversion.epoch();
    return epoch == null
        ? FileAction.NO_TIME
        : epoch.toEpochSecond() * NANOS_PER_SECOND + epoch.getNano();
  }
}
