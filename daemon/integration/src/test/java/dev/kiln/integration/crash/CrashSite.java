package dev.kiln.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.integration.Await;
import dev.kiln.integration.BaseImages;
import dev.kiln.integration.KilndProcess;
import dev.kiln.integration.RegistryProcess;
import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A daemon that will be killed, with a registry that will not, and the plans that it builds. */
final class CrashSite implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final Path folder;
  final Path root;
  final Ledger ledger = new Ledger();
  final List<Plan> plans = new ArrayList<>();
  private final RegistryProcess registry;
  private final String base;
  private KilndProcess kilnd;
  private int made;

  private CrashSite(Path folder, Path root, RegistryProcess registry, String base) {
    this.folder = folder;
    this.root = root;
    this.registry = registry;
    this.base = base;
  }

  /** Prepares everything but the daemon, whose state will be in a folder. */
  static CrashSite prepare(Path folder, Path root) throws Exception {
    Tools.requireRoot();
    Tools.require("buildctl");
    RegistryProcess registry = RegistryProcess.open(folder.resolve("registry"));
    try {
      return new CrashSite(folder, root, registry, BaseImages.busybox(registry));
    } catch (Exception | AssertionError e) {
      registry.close();
      throw e;
    }
  }

  KilndProcess kilnd() {
    return kilnd;
  }

  void start() throws IOException, InterruptedException {
    kilnd = KilndProcess.start(folder, root, "");
  }

  Plan newPlan(int bytes) throws IOException {
    Plan plan = Plan.make(folder, made++, base, bytes);
    plans.add(plan);
    return plan;
  }

  /** A reference in the registry. */
  String image(String name) {
    return registry.host() + "/" + name;
  }

  Client begin(Plan plan, String... more) throws IOException {
    return Client.begin(kilnd, folder, plan, more);
  }

  Path fresh() {
    return folder.resolve("out-" + made++);
  }

  /** Starts buildctl and does not wait for it. */
  Process launch(List<String> arguments) throws IOException {
    List<String> all =
        new ArrayList<>(List.of(Tools.require("buildctl"), "--addr=" + kilnd.address()));
    all.addAll(arguments);
    return new ProcessBuilder(all)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  Run buildctl(String... command) throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of(Tools.require("buildctl"), "--addr=" + kilnd.address()));
    all.addAll(List.of(command));
    return Run.of(Map.of(), folder, all);
  }

  /**
   * Builds a plan to its end and gives the words of its steps; what ran is promised from now on.
   */
  Map<String, String> build(Plan plan) throws Exception {
    Path out = fresh();
    Client client = begin(plan, "--output=type=local,dest=" + out);
    assertThat(client.await()).as("build of %s:%n%s%s", plan.name, client.said(), log()).isTrue();
    Map<String, String> words = plan.words(out);
    String broken = ledger.broken(words);
    assertThat(broken).as("promises of %s%n%s", plan.name, log()).isEmpty();
    client.words().forEach(ledger::add);
    words.forEach(
        (label, word) -> {
          if (label.contains("-step4-")) {
            ledger.add(label, word);
          }
        });
    return words;
  }

  private String log() {
    return "\nthe daemon said:\n" + kilnd.log();
  }

  void assertNothingRuns() throws Exception {
    Await.until(PATIENCE, "no program is left", () -> kilnd.programs().isEmpty());
    Await.until(PATIENCE, "no mount is left", () -> kilnd.mounts().isEmpty());
  }

  /** Removes everything that may be removed, and asserts that this leaves no file. */
  void assertNothingStays() throws Exception {
    for (Plan plan : plans) {
      ledger.forget(plan);
    }
    buildctl("prune-histories").ok();
    buildctl("prune", "--all").ok();
    for (String place :
        List.of(
            "snapshots",
            "executor/bundles",
            "executor/runtime",
            "mounts",
            "checksums",
            "content")) {
      try {
        Await.until(PATIENCE, place + " is empty", () -> files(place).isEmpty());
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + ", not " + files(place) + log(), e);
      }
    }
  }

  private List<Path> files(String place) throws IOException {
    Path at = root.resolve(place);
    if (!Files.exists(at)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(at, 3)) {
      return walk.filter(each -> !Files.isDirectory(each) || isOne(each)).toList();
    }
  }

  /** Whether a folder is something by itself: a snapshot, a bundle, a mount point. */
  private boolean isOne(Path folder) {
    Path parent = folder.getParent();
    return List.of("snapshots", "bundles", "mounts").contains(parent.getFileName().toString());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try (registry) {
      if (kilnd != null) {
        kilnd.close();
      }
    }
  }
}
