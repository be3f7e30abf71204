package dev.kiln.dockerfile.instruction;

import java.util.List;

/**
 * A Dockerfile as typed instructions.
 *
 * @param metaArgs ARG instructions before the first FROM
 * @param stages in order; empty if there is no FROM
 * @param escapeToken backslash, or backtick where a directive says so
 */
public record Dockerfile(List<ArgInstruction> metaArgs, List<Stage> stages, char escapeToken) {

  public Dockerfile {
    metaArgs = List.copyOf(metaArgs);
    stages = List.copyOf(stages);
  }
}
