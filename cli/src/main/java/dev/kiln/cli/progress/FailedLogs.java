package dev.kiln.cli.progress;

import java.io.PrintStream;

/** The last lines of the steps that failed. */
final class FailedLogs {
  private FailedLogs() {}

  static void print(Trace trace, PrintStream out) {
    for (Step step : trace.steps()) {
      if (step.failed()) {
        step.log.flush();
        out.println("------");
        out.println(" > " + step.name + ":");
        step.log.kept().forEach(out::println);
        out.println("------");
      }
    }
  }
}
