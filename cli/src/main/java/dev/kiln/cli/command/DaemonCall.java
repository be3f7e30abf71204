package dev.kiln.cli.command;

import dev.kiln.cli.daemon.DaemonConnection;
import java.io.IOException;
import java.io.PrintStream;

/** What most commands do: connect to the daemon and ask it something. */
@FunctionalInterface
interface DaemonCall {
  /** Asks; returns the exit code. */
  int ask(DaemonConnection daemon) throws IOException;

  /** Connects and asks. */
  static int with(GlobalFlags global, DaemonCall call) throws IOException {
    LogOutput.apply(global.debug());
    PrintStream err = System.err;
    try (DaemonConnection daemon = DaemonConnection.open(global.address(), System.getenv(), err)) {
      return call.ask(daemon);
    }
  }
}
