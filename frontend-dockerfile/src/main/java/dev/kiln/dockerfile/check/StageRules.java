package dev.kiln.dockerfile.check;

import dev.kiln.dockerfile.instruction.CmdInstruction;
import dev.kiln.dockerfile.instruction.EntrypointInstruction;
import dev.kiln.dockerfile.instruction.EnvInstruction;
import dev.kiln.dockerfile.instruction.HealthcheckInstruction;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.KeyValue;
import dev.kiln.dockerfile.instruction.LabelInstruction;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.Location;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Rules about the instructions of one stage, checked as each is converted. A stage has its own
 * object. Not thread-safe.
 */
public final class StageRules {

  private enum Once {
    CMD,
    ENTRYPOINT,
    HEALTHCHECK
  }

  private final Map<Once, Location> last = new EnumMap<>(Once.class);

  /**
   * Checks an instruction that is the next in its stage: MultipleInstructionsDisallowed,
   * JSONArgsRecommended, LegacyKeyValueFormat, SecretsUsedInArgOrEnv (for ENV).
   *
   * @param shellIsSet whether the stage or its base image has set a shell, which makes the shell
   *     form deliberate
   */
  public void check(Instruction instruction, boolean shellIsSet, LintReporter lint) {
    switch (instruction) {
      case CmdInstruction cmd -> {
        checkOnce(Once.CMD, cmd, lint);
        checkForm(cmd, cmd.command().shellForm() && !shellIsSet, lint);
      }
      case EntrypointInstruction entrypoint -> {
        checkOnce(Once.ENTRYPOINT, entrypoint, lint);
        checkForm(entrypoint, entrypoint.command().shellForm() && !shellIsSet, lint);
      }
      case HealthcheckInstruction healthcheck -> checkOnce(Once.HEALTHCHECK, healthcheck, lint);
      case EnvInstruction env -> {
        checkPairs(env, env.variables(), lint);
        env.variables().forEach(pair -> checkSecret("ENV", pair.key(), env.location(), lint));
      }
      case LabelInstruction label -> checkPairs(label, label.labels(), lint);
      default -> {}
    }
  }

  /**
   * Reports SecretsUsedInArgOrEnv for one variable.
   *
   * @param keyword {@code ARG} or {@code ENV}
   */
  public static void checkSecret(
      String keyword, String name, Location location, LintReporter lint) {
    if (SecretNames.isSecret(name)) {
      lint.report(LintFinding.secretsUsedInArgOrEnv(keyword, name), location);
    }
  }

  /** The earlier instruction is the one at fault, since it has no effect. */
  private void checkOnce(Once kind, Instruction instruction, LintReporter lint) {
    Location earlier = last.put(kind, instruction.location());
    if (earlier != null) {
      lint.report(LintFinding.multipleInstructionsDisallowed(instruction.keyword()), earlier);
    }
  }

  private static void checkForm(Instruction instruction, boolean bareShellForm, LintReporter lint) {
    if (bareShellForm) {
      lint.report(LintFinding.jsonArgsRecommended(instruction.keyword()), instruction.location());
    }
  }

  private static void checkPairs(Instruction instruction, List<KeyValue> pairs, LintReporter lint) {
    for (KeyValue pair : pairs) {
      if (pair.legacy()) {
        lint.report(
            LintFinding.legacyKeyValueFormat(instruction.keyword()), instruction.location());
      }
    }
  }
}
