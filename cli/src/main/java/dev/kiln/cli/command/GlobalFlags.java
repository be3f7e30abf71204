package dev.kiln.cli.command;

import picocli.CommandLine.Option;

/** Flags that every command has. */
public final class GlobalFlags {
  @Option(
      names = {"--addr", "--builder"},
      paramLabel = "ADDRESS",
      description =
          "The daemon: unix:///path or tcp://host:port (default: $KILN_HOST, $BUILDKIT_HOST,"
              + " unix:///run/kiln/kilnd.sock)")
  private String address = "";

  @Option(
      names = {"-D", "--debug"},
      description = "Say more about what goes wrong")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this")
  private boolean help;

  /** The daemon's address, or empty. */
  String address() {
    return address;
  }

  /** Whether more is to be said. */
  boolean debug() {
    return debug;
  }

  /** Whether only help was wanted. */
  boolean help() {
    return help;
  }
}
