package dev.kiln.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as a Markdown table. */
final class Table {
  private final boolean twoPeers;
  private final List<String> rows = new ArrayList<>();

  Table(boolean twoPeers) {
    this.twoPeers = twoPeers;
  }

  /**
   * Adds a case.
   *
   * @param seconds kilnd's median, then the other daemon's; not a number where it failed
   */
  void add(String name, double[] seconds) {
    rows.add(
        twoPeers
            ? "| %s | %s | %s | %s |"
                .formatted(name, text(seconds[0]), text(seconds[1]), text(seconds[0] / seconds[1]))
            : "| %s | %s |".formatted(name, text(seconds[0])));
  }

  private static String text(double value) {
    return Double.isNaN(value) ? "failed" : String.format(Locale.ROOT, "%.2f", value);
  }

  void print(PrintStream out) {
    out.println(twoPeers ? "| case | Kiln, s | peer, s | ratio |" : "| case | Kiln, s |");
    out.println(twoPeers ? "| --- | --- | --- | --- |" : "| --- | --- |");
    rows.forEach(out::println);
  }
}
