package dev.kiln.cli;

import dev.kiln.cli.command.Commands;
import java.util.Arrays;

/** The entry point of the {@code kiln} program. */
public final class Kiln {
  private Kiln() {}

  /** Runs the command that the arguments name, and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(Commands.run(Arrays.asList(args)));
  }
}
