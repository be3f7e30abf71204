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
   * @param seconds kilnd's median, then the other daemon's
   */
  void add(String name, double[] seconds) {
    rows.add(
        twoPeers
            ? String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f |",
                name,
                seconds[0],
                seconds[1],
                seconds[0] / seconds[1])
            : String.format(Locale.ROOT, "| %s | %.2f |", name, seconds[0]));
  }

  void print(PrintStream out) {
    out.println(twoPeers ? "| case | Kiln, s | peer, s | ratio |" : "| case | Kiln, s |");
    out.println(twoPeers ? "| --- | --- | --- | --- |" : "| --- | --- |");
    rows.forEach(out::println);
  }
}
