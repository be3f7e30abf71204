package dev.kiln.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** Builds all cases of a folder on two daemons and says where the results differ. */
public final class Compare {
  private static final int AT_ONCE = 2;
  private static final long START_NANOS = 60_000_000_000L;

  private final Builder own;
  private final Builder others;
  private final Path work;

  private Compare(Builder own, Builder others, Path work) {
    this.own = own;
    this.others = others;
    this.work = work;
  }

  /**
   * Compares, and ends with status 1 when a difference has no written reason. Settings come from
   * the environment: {@code COMPARE_PEER} (address of the other daemon), {@code COMPARE_KILN}
   * (address of a running Kiln; without it one is started from {@code KILN_HOME}), {@code
   * COMPARE_BUILDCTL}, {@code COMPARE_BUSYBOX} (static), {@code COMPARE_ONLY} (part of a case's
   * name).
   *
   * @param args the folder of cases
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new TreeMap<>(System.getenv());
    if (args.length != 1 || settings.getOrDefault("COMPARE_PEER", "").isEmpty()) {
      System.err.println("Give a folder of cases, and in COMPARE_PEER another daemon's address");
      System.exit(2);
    }
    Path work = Files.createTempDirectory(Path.of("/var/tmp"), "kiln-compare");
    boolean well;
    try {
      well = compare(settings, CaseReader.folder(Path.of(args[0])), work);
    } finally {
      delete(work);
    }
    System.exit(well ? 0 : 1);
  }

  private static boolean compare(Map<String, String> settings, List<Case> cases, Path work)
      throws Exception {
    Path layout = work.resolve("busybox");
    String digest = BaseImage.write(Path.of(settings.get("COMPARE_BUSYBOX")), layout);
    Path program = Path.of(settings.get("COMPARE_BUILDCTL")).toAbsolutePath();
    Builder others =
        new Builder(program, settings.getOrDefault("COMPARE_PEER", ""), layout, digest);
    List<Case> chosen =
        cases.stream()
            .filter(c -> c.name().contains(settings.getOrDefault("COMPARE_ONLY", "")))
            .toList();
    String running = settings.getOrDefault("COMPARE_KILN", "");
    if (!running.isEmpty()) {
      return new Compare(new Builder(program, running, layout, digest), others, work).run(chosen);
    }
    try (OwnDaemon daemon = OwnDaemon.start(Path.of(settings.get("KILN_HOME")), work)) {
      Builder own = new Builder(program, daemon.address(), layout, digest);
      return new Compare(own, others, work).run(chosen);
    }
  }

  private boolean run(List<Case> cases) throws Exception {
    await(own);
    await(others);
    List<Verdict> verdicts = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Verdict>> all = new ArrayList<>();
      for (Case each : cases) {
        all.add(workers.submit(() -> verdict(each)));
      }
      for (Future<Verdict> each : all) {
        verdicts.add(result(each));
        System.out.println(verdicts.getLast().text());
      }
    }
    long same = verdicts.stream().filter(Verdict::same).count();
    long open = verdicts.stream().filter(v -> !v.unexplained().isEmpty()).count();
    System.out.printf(
        "%n%d cases: %d the same, %d differ with a written reason, %d without%n",
        verdicts.size(), same, verdicts.size() - same - open, open);
    return open == 0 && !verdicts.isEmpty();
  }

  private static Verdict result(Future<Verdict> verdict) throws Exception {
    try {
      return verdict.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Verdict verdict(Case each) throws IOException, InterruptedException {
    Path scratch = Files.createTempDirectory(work, "case");
    Path folder = scratch.resolve("files");
    CaseFolder.write(each, folder);
    Outcome first = own.build(each, folder, scratch);
    Outcome second = others.build(each, folder, scratch);
    delete(scratch);
    return new Verdict(each.name(), Comparison.of(first, second), each.reasons());
  }

  private static void await(Builder builder) throws IOException, InterruptedException {
    long limit = System.nanoTime() + START_NANOS;
    while (!builder.answers()) {
      if (System.nanoTime() > limit) {
        throw new IOException("could not reach " + builder.address() + " within a minute");
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
