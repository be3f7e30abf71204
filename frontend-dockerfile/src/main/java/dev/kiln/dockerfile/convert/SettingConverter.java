package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.image.Healthcheck;
import dev.kiln.dockerfile.instruction.CmdInstruction;
import dev.kiln.dockerfile.instruction.CommandLine;
import dev.kiln.dockerfile.instruction.EntrypointInstruction;
import dev.kiln.dockerfile.instruction.EnvInstruction;
import dev.kiln.dockerfile.instruction.ExposeInstruction;
import dev.kiln.dockerfile.instruction.HealthcheckInstruction;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.KeyValue;
import dev.kiln.dockerfile.instruction.LabelInstruction;
import dev.kiln.dockerfile.instruction.MaintainerInstruction;
import dev.kiln.dockerfile.instruction.OnbuildInstruction;
import dev.kiln.dockerfile.instruction.ShellInstruction;
import dev.kiln.dockerfile.instruction.StopSignalInstruction;
import dev.kiln.dockerfile.instruction.UserInstruction;
import dev.kiln.dockerfile.instruction.VolumeInstruction;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.text.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Converts the instructions that change the image's config and no files. */
final class SettingConverter {

  private final Conversion conversion;

  SettingConverter(Conversion conversion) {
    this.conversion = conversion;
  }

  private void remember(BuildStage stage, String createdBy) {
    stage.addHistory(conversion, createdBy, false);
  }

  void maintainer(BuildStage stage, MaintainerInstruction instruction) {
    stage.image.setAuthor(instruction.maintainer());
    remember(stage, "MAINTAINER " + instruction.maintainer());
  }

  void env(BuildStage stage, EnvInstruction instruction, LintReporter lint) {
    StringBuilder createdBy = new StringBuilder("ENV");
    for (KeyValue pair : instruction.variables()) {
      reportLegacy(pair, instruction, lint);
      SecretNames.report("ENV", pair.key(), instruction.location(), lint);
      createdBy.append(' ').append(pair);
      stage.state = stage.state.withEnv(pair.key(), pair.value());
      stage.image.setEnv(pair.key(), pair.value());
    }
    remember(stage, createdBy.toString());
  }

  void label(BuildStage stage, LabelInstruction instruction, LintReporter lint) {
    StringBuilder createdBy = new StringBuilder("LABEL");
    for (KeyValue pair : instruction.labels()) {
      reportLegacy(pair, instruction, lint);
      createdBy.append(' ').append(pair);
      stage.image.putLabel(pair.key(), pair.value());
    }
    remember(stage, createdBy.toString());
  }

  private static void reportLegacy(KeyValue pair, Instruction instruction, LintReporter lint) {
    if (pair.legacy()) {
      lint.report(LintFinding.legacyKeyValueFormat(instruction.keyword()), instruction.location());
    }
  }

  void onBuild(BuildStage stage, OnbuildInstruction instruction) {
    List<String> triggers = new ArrayList<>(stage.image.onBuild());
    triggers.add(instruction.expression());
    stage.image.setOnBuild(triggers);
  }

  void cmd(BuildStage stage, CmdInstruction instruction, LintReporter lint) {
    reportRepeated(stage, "CMD", instruction, lint);
    List<String> words = words(stage, instruction.command(), instruction, lint);
    stage.image.setCmd(words);
    stage.image.setArgsEscaped();
    remember(stage, "CMD " + Quoted.quoted(words));
  }

  void entrypoint(BuildStage stage, EntrypointInstruction instruction, LintReporter lint) {
    reportRepeated(stage, "ENTRYPOINT", instruction, lint);
    List<String> words = words(stage, instruction.command(), instruction, lint);
    stage.image.setEntrypoint(words);
    // The base's command was meant for the base's entry point.
    if (!stage.lastOfKind.containsKey("CMD")) {
      stage.image.setCmd(List.of());
    }
    remember(stage, "ENTRYPOINT " + Quoted.quoted(words));
  }

  private static List<String> words(
      BuildStage stage, CommandLine command, Instruction instruction, LintReporter lint) {
    if (!command.shellForm()) {
      return command.words();
    }
    if (stage.image.shell().isEmpty()) {
      lint.report(LintFinding.jsonArgsRecommended(instruction.keyword()), instruction.location());
    }
    return Shells.wrap(stage.image, command.words());
  }

  void healthcheck(BuildStage stage, HealthcheckInstruction instruction, LintReporter lint) {
    reportRepeated(stage, "HEALTHCHECK", instruction, lint);
    stage.image.setHealthcheck(
        new Healthcheck(
            instruction.test(),
            instruction.interval().toNanos(),
            instruction.timeout().toNanos(),
            instruction.startPeriod().toNanos(),
            instruction.startInterval().toNanos(),
            instruction.retries()));
    remember(
        stage,
        String.format(
            Locale.ROOT,
            "HEALTHCHECK {Test:[%s] Interval:%s Timeout:%s StartPeriod:%s StartInterval:%s"
                + " Retries:%d}",
            String.join(" ", instruction.test()),
            GoDuration.format(instruction.interval()),
            GoDuration.format(instruction.timeout()),
            GoDuration.format(instruction.startPeriod()),
            GoDuration.format(instruction.startInterval()),
            instruction.retries()));
  }

  /** Of several the last one counts; the earlier one is where the mistake is. */
  private static void reportRepeated(
      BuildStage stage, String kind, Instruction instruction, LintReporter lint) {
    Location earlier = stage.lastOfKind.put(kind, instruction.location());
    if (earlier != null) {
      lint.report(LintFinding.multipleInstructionsDisallowed(instruction.keyword()), earlier);
    }
  }

  void expose(BuildStage stage, ExposeInstruction instruction, LintReporter lint) {
    List<String> ports = new ArrayList<>();
    for (String word : instruction.ports()) {
      for (String port : conversion.lexer().words(word, stage.state.env())) {
        ports.addAll(PortSpec.parse(port, instruction.location(), lint));
      }
    }
    stage.image.expose(ports);
    remember(stage, "EXPOSE [" + String.join(" ", ports) + "]");
  }

  void user(BuildStage stage, UserInstruction instruction) {
    stage.state = stage.state.withUser(instruction.user());
    stage.image.setUser(instruction.user());
    remember(stage, "USER " + instruction.user());
  }

  void volume(BuildStage stage, VolumeInstruction instruction) {
    if (instruction.volumes().contains("")) {
      throw new DockerfileException("VOLUME specified can not be an empty string");
    }
    stage.image.addVolumes(instruction.volumes());
    remember(stage, "VOLUME [" + String.join(" ", instruction.volumes()) + "]");
  }

  void stopSignal(BuildStage stage, StopSignalInstruction instruction) {
    if (!SignalNames.isSignal(instruction.signal())) {
      throw new DockerfileException("invalid signal: " + instruction.signal());
    }
    stage.image.setStopSignal(instruction.signal());
    remember(stage, "STOPSIGNAL " + instruction.signal());
  }

  void shell(BuildStage stage, ShellInstruction instruction) {
    stage.image.setShell(instruction.shell());
    remember(stage, "SHELL [" + String.join(" ", instruction.shell()) + "]");
  }
}
