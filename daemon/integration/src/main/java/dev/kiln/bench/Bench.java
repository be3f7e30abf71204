package dev.kiln.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs every case on a {@code kilnd} of its own and, when another daemon is named, on both in turn,
 * and prints medians in seconds, ratios and peak memory as a Markdown table.
 */
public final class Bench {
  private static final int START_RUNS = 5;

  private final Map<String, String> settings;
  private final Path work;
  private final Client client;

  private Bench(Map<String, String> settings, Path work, Client client) {
    this.settings = settings;
    this.work = work;
    this.client = client;
  }

  /**
   * Runs the benchmarks. Settings come from the environment: {@code KILN_HOME} (laid-out Kiln),
   * {@code BENCH_BUILDCTL}, {@code BENCH_BUSYBOX} (static), {@code BENCH_REGISTRY} (the
   * docker-registry program), {@code BENCH_PEER} (address of another daemon), {@code
   * BENCH_PEER_PID} (its process, for its memory), {@code BENCH_ONLY} (part of a case's name;
   * {@code dockerfile}, {@code store}, {@code growth} and {@code memory} are those of Kiln alone).
   */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new TreeMap<>(System.getenv());
    Path work = Files.createTempDirectory(Path.of("/var/tmp"), "kiln-bench");
    Path logs = Files.createDirectory(work.resolve("logs"));
    try {
      new Bench(settings, work, new Client(Path.of(settings.get("BENCH_BUILDCTL")), logs)).run();
    } finally {
      Trees.delete(work);
    }
  }

  private void run() throws Exception {
    double start = startTime();
    System.err.printf(Locale.ROOT, "start to first answer: %.2f s%n", start);
    String registry = "127.0.0.1:" + freePort();
    Process registryProcess = startRegistry(registry);
    Process kilnd = startKilnd("kilnd");
    try {
      Peer kiln = new Peer("kiln", address("kilnd"), kilnd.pid());
      awaitAnswer(kiln);
      List<Peer> peers = new ArrayList<>(List.of(kiln));
      String other = settings.getOrDefault("BENCH_PEER", "");
      if (!other.isEmpty()) {
        long pid = Long.parseLong(settings.getOrDefault("BENCH_PEER_PID", "0"));
        peers.add(new Peer("peer", other, pid));
      }
      Contexts contexts = new Contexts(Path.of(settings.get("BENCH_BUSYBOX")));
      Table table = new Table(peers.size() > 1);
      Rounds rounds = new Rounds(peers);
      for (Case each : new Cases(client, contexts, work, registry).all()) {
        if (each.name().contains(settings.getOrDefault("BENCH_ONLY", ""))) {
          table.add(each.name(), rounds.measure(each));
        }
      }
      table.print(System.out);
      System.out.printf(Locale.ROOT, "%nStart to first answer (kilnd): %.2f s%n", start);
      for (Peer peer : peers) {
        String peak =
            peer.peakMebibytes().stream().mapToObj(m -> m + " MiB").findFirst().orElse("?");
        System.out.println("Peak memory (" + peer.name() + "): " + peak);
      }
      alone(contexts).forEach(System.out::println);
      if (!rounds.allWell()) {
        throw new IOException("some runs failed, as said above");
      }
    } finally {
      end(kilnd);
      end(registryProcess);
    }
  }

  /** What is measured of Kiln alone, on daemons that did nothing before. */
  private List<String> alone(Contexts contexts) throws Exception {
    EnduranceCases endurance = new EnduranceCases(client, contexts, work);
    List<String> notes = new ArrayList<>();
    note(notes, "dockerfile", DockerfileCases::run);
    note(notes, "store", () -> new StoreCases(work.resolve("store")).run());
    note(notes, "memory", () -> onFresh("memory", endurance::memory));
    note(notes, "growth", () -> onFresh("growth", endurance::growth));
    return notes;
  }

  /** Work on a daemon. */
  private interface OnDaemon {
    String run(Peer kiln) throws Exception;
  }

  private String onFresh(String name, OnDaemon measurement) throws Exception {
    Process process = startKilnd(name);
    try {
      Peer kiln = new Peer(name, address(name), process.pid());
      awaitAnswer(kiln);
      return measurement.run(kiln);
    } finally {
      end(process);
    }
  }

  private void note(List<String> notes, String name, Callable<String> work) throws Exception {
    if (name.contains(settings.getOrDefault("BENCH_ONLY", ""))) {
      String text = work.call();
      System.err.println(text);
      notes.add(text);
    }
  }

  private double startTime() throws Exception {
    double[] seconds = new double[START_RUNS];
    for (int run = 0; run < START_RUNS; run++) {
      String name = "start" + run;
      long begin = System.nanoTime();
      Process process = startKilnd(name);
      awaitAnswer(new Peer("kiln", address(name), process.pid()));
      seconds[run] = (System.nanoTime() - begin) / 1e9;
      end(process);
    }
    return Rounds.median(seconds);
  }

  private void awaitAnswer(Peer peer) throws IOException, InterruptedException {
    long limit = System.nanoTime() + 60_000_000_000L;
    Path socket = Path.of(peer.address().substring("unix://".length()));
    // Clients that ask in vain would slow down what is measured.
    while (!Files.exists(socket) || !client.answers(peer)) {
      LockSupport.parkNanos(1_000_000);
      if (System.nanoTime() > limit) {
        throw new IOException("could not reach " + peer.address() + " within a minute");
      }
    }
  }

  private String address(String name) {
    return "unix://" + work.resolve(name + ".sock");
  }

  private Process startKilnd(String name) throws IOException {
    return start(
        name,
        Path.of(settings.get("KILN_HOME"), "bin/kilnd").toString(),
        "--root",
        work.resolve(name).toString(),
        "--addr",
        address(name));
  }

  private Process startRegistry(String address) throws IOException {
    Path config = work.resolve("registry.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: {level: error, accesslog: {disabled: true}}
        storage: {filesystem: {rootdirectory: %s}}
        http: {addr: "%s"}
        """
            .formatted(work.resolve("registry"), address));
    String program = settings.getOrDefault("BENCH_REGISTRY", "docker-registry");
    return start("registry", program, "serve", config.toString());
  }

  private Process start(String name, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(work.resolve(name + ".log").toFile())
        .start();
  }

  private static void end(Process process) throws InterruptedException {
    process.destroy();
    process.waitFor();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
