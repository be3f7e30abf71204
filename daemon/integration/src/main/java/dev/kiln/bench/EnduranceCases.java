package dev.kiln.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How a daemon bears many builds, and large ones. */
final class EnduranceCases {
  private static final int BUILDS = 500;

  /** Builds after which the heap is looked at first: classes are loaded and caches filled. */
  private static final int WARM_BUILDS = 50;

  /** Two vertices come of each step: the copy and the merge. */
  private static final int SMALL_STEPS = 500;

  private static final int LARGE_STEPS = 10 * SMALL_STEPS;
  private static final int RUNS = 3;
  private static final Pattern USED = Pattern.compile("used (\\d+)K");

  private final Client client;
  private final Contexts contexts;
  private final Path work;

  EnduranceCases(Client client, Contexts contexts, Path work) {
    this.client = client;
    this.contexts = contexts;
    this.work = work;
  }

  /** Cached rebuilds of 1,000 and of 10,000 vertices; the figures in one line. */
  String growth(Peer kiln) throws Exception {
    double small = cachedLinks(kiln, SMALL_STEPS);
    double large = cachedLinks(kiln, LARGE_STEPS);
    return String.format(
        Locale.ROOT,
        "Cached COPY --link steps: %,d vertices in %.2f s, %,d in %.2f s, %.1f times as long",
        2 * SMALL_STEPS,
        small,
        2 * LARGE_STEPS,
        large,
        large / small);
  }

  /** Seconds, the least of some runs after the one that fills the cache. */
  private double cachedLinks(Peer kiln, int steps) throws Exception {
    String text =
        IntStream.range(0, steps)
            .mapToObj(i -> "COPY --link note /l" + i)
            .collect(Collectors.joining("\n", "FROM scratch\n", "\n"));
    Path context = contexts.folder(work.resolve("links" + steps), text);
    Files.writeString(context.resolve("note"), "note");
    Files.writeString(context.resolve(".dockerignore"), "busybox\n");
    double best = Double.MAX_VALUE;
    for (int run = 0; run <= RUNS; run++) {
      double took = client.build(kiln, context, "-", "") / 1e9;
      best = run == 0 ? best : Math.min(best, took);
    }
    return best;
  }

  /** The heap after collection, early and late in a row of builds; the figures in one line. */
  String memory(Peer kiln) throws Exception {
    Path context =
        contexts.folder(
            work.resolve("many"), "FROM base\nARG NONCE\nCOPY note /\nRUN echo $NONCE >/made\n");
    long early = 0;
    for (int build = 1; build <= BUILDS; build++) {
      Files.writeString(context.resolve("note"), "note " + build);
      client.build(kiln, context, Integer.toString(build), "");
      if (build == WARM_BUILDS) {
        early = heapKibibytes(kiln);
      }
    }
    long late = heapKibibytes(kiln);
    return String.format(
        Locale.ROOT,
        "Heap after collection: %,d KiB after %d builds, %,d KiB after %d, %+.1f %%",
        early,
        WARM_BUILDS,
        late,
        BUILDS,
        100.0 * (late - early) / early);
  }

  private static long heapKibibytes(Peer kiln) throws IOException, InterruptedException {
    // Twice: what the first collection lets go of, cleaners free for the second.
    jcmd(kiln, "GC.run");
    jcmd(kiln, "GC.run");
    Matcher used = USED.matcher(jcmd(kiln, "GC.heap_info"));
    long sum = 0;
    // The serial collector tells of young and old space in a line each, others of one total.
    while (used.find()) {
      sum += Long.parseLong(used.group(1));
    }
    return sum;
  }

  private static String jcmd(Peer kiln, String command) throws IOException, InterruptedException {
    String program = Path.of(System.getProperty("java.home"), "bin/jcmd").toString();
    Process process =
        new ProcessBuilder(program, Long.toString(kiln.pid()), command)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader reader = process.inputReader()) {
      String text =
          reader
              .lines()
              .filter(
                  line -> !line.strip().startsWith("Metaspace") && !line.contains("class space"))
              .filter(line -> !line.contains(" space ") || line.contains("total"))
              .collect(Collectors.joining("\n"));
      if (process.waitFor() != 0) {
        throw new IOException("could not ask the daemon's heap: " + text);
      }
      return text;
    }
  }
}
