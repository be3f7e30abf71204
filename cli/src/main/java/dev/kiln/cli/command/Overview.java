package dev.kiln.cli.command;

import java.io.PrintStream;

/** What {@code kiln} alone prints. */
final class Overview {
  private static final String TEXT =
      """
      Usage: kiln COMMAND [FLAGS]

      Builds container images.

      Commands:
        build     Build an image or files from a Dockerfile
        du        Show what the daemon's cache takes
        prune     Remove what the daemon's cache does not need
        workers   Show what the daemon can build (also: inspect)
        history   Show builds of the past
        daemon    Start, stop or look at the daemon in the background
        binfmt    Let this machine run programs of other architectures
        version   Show versions

      Flags of every command:
        --addr ADDRESS   The daemon (default: $KILN_HOST, $BUILDKIT_HOST,
                         unix:///run/kiln/kilnd.sock; started when it is missing)
        -D, --debug      Say more about what goes wrong
        -h, --help       Describe the command

      Run "kiln COMMAND --help" to learn about one.
      """;

  private Overview() {}

  static void print(PrintStream out) {
    out.print(TEXT);
  }
}
