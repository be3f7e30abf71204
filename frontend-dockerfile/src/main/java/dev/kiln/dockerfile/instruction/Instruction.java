package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.parser.Location;
import java.util.List;

/** One instruction of a Dockerfile. Instructions are immutable; expanding one gives another. */
public sealed interface Instruction
    permits AddInstruction,
        ArgInstruction,
        CmdInstruction,
        CopyInstruction,
        EntrypointInstruction,
        EnvInstruction,
        ExposeInstruction,
        FromInstruction,
        HealthcheckInstruction,
        LabelInstruction,
        MaintainerInstruction,
        OnbuildInstruction,
        RunInstruction,
        ShellInstruction,
        StopSignalInstruction,
        UserInstruction,
        VolumeInstruction,
        WorkdirInstruction {

  Origin origin();

  /** The instruction's word as written. */
  default String keyword() {
    return origin().keyword();
  }

  default Location location() {
    return origin().location();
  }

  default List<String> comments() {
    return origin().comments();
  }

  /**
   * Expands the arguments in which variables are allowed. Instructions that expand in their own way
   * (FROM, EXPOSE) or not at all (CMD, SHELL) stay as they are.
   */
  default Instruction expand(WordExpander words) {
    return this;
  }

  /** Expands here-documents that become files, with an expander that leaves quotes alone. */
  default Instruction expandContents(WordExpander raw) {
    return this;
  }
}
