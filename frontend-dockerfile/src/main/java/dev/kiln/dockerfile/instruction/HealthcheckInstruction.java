package dev.kiln.dockerfile.instruction;

import java.time.Duration;
import java.util.List;

/**
 * {@code HEALTHCHECK [flags] CMD command} or {@code HEALTHCHECK NONE}
 *
 * @param test as the image config has it: {@code [NONE]}, {@code [CMD, word...]} or {@code
 *     [CMD-SHELL, text]}
 * @param interval zero where the flag is absent, as for all times here
 * @param retries 0 where the flag is absent
 */
public record HealthcheckInstruction(
    Origin origin,
    List<String> test,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    Duration startInterval,
    int retries)
    implements Instruction {

  public HealthcheckInstruction {
    test = List.copyOf(test);
  }
}
