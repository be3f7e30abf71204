package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.ArgInstruction;
import dev.kiln.dockerfile.instruction.FromInstruction;
import dev.kiln.dockerfile.instruction.Stage;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.ImageName;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.Expansion;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Lint rules about FROM that need the values of arguments. */
final class FromRules {

  private static final String TARGET_PLATFORM = "TARGETPLATFORM";

  private FromRules() {}

  /** Arguments that FROM uses and nobody has declared. */
  static void reportUndeclared(
      Conversion conversion, Expansion expansion, FromInstruction from, LintReporter lint) {
    if (expansion.unmatched().isEmpty()) {
      return;
    }
    Set<String> known = new TreeSet<>(conversion.globals().declared().keySet());
    known.addAll(conversion.globals().env().keys());
    for (String name : expansion.unmatched()) {
      if (!known.contains(name)) {
        String near = Suggestion.nearest(name, known, true).orElse("");
        lint.report(LintFinding.undefinedArgInFrom(name, near), from.location());
      }
    }
  }

  /** Platforms that say the obvious, or what should be left to whoever builds. */
  static void reportPlatform(
      Conversion conversion, Expansion expansion, FromInstruction from, LintReporter lint) {
    boolean onlyTarget =
        expansion.unmatched().isEmpty() && expansion.matched().equals(Set.of(TARGET_PLATFORM));
    if (onlyTarget && expansion.text().equals(conversion.globals().env().get(TARGET_PLATFORM))) {
      lint.report(LintFinding.redundantTargetPlatform(from.platform()), from.location());
    }
    if (expansion.matched().isEmpty() && expansion.unmatched().isEmpty()) {
      reportConstant(expansion.text(), from, lint);
    }
  }

  private static void reportConstant(String text, FromInstruction from, LintReporter lint) {
    Platform platform;
    try {
      platform = Platform.parse(text);
    } catch (IllegalArgumentException failsLater) {
      return;
    }
    if (!from.name().contains(platform.os()) && !from.name().contains(platform.architecture())) {
      lint.report(LintFinding.fromPlatformFlagConstDisallowed(text), from.location());
    }
  }

  /** Bases that are no image names as long as the user gives no build arguments. */
  static void reportInvalidDefaults(
      List<Stage> stages,
      List<ArgInstruction> arguments,
      EnvList predefined,
      ShellLexer lexer,
      LintReporter lint) {
    EnvList defaults;
    try {
      defaults = GlobalArgs.declare(predefined, arguments, Map.of(), lexer).env();
    } catch (DockerfileException failsLater) {
      return;
    }
    for (Stage stage : stages) {
      FromInstruction from = stage.from();
      try {
        if (!isImageName(lexer.expand(from.baseName(), defaults).text())) {
          lint.report(LintFinding.invalidDefaultArgInFrom(from.baseName()), from.location());
        }
      } catch (ExpansionException failsLater) {
        return;
      }
    }
  }

  private static boolean isImageName(String text) {
    try {
      ImageName.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A base image that is not for the platform that was asked for. */
  static void reportPlatformMismatch(
      String name, Platform expected, Platform actual, BuildStage stage, LintReporter lint) {
    if (!expected.os().equals(actual.os())
        || !expected.architecture().equals(actual.architecture())) {
      lint.report(
          LintFinding.invalidBaseImagePlatform(
              name, expected.normalized().formatAll(), actual.normalized().formatAll()),
          stage.location);
    }
  }
}
