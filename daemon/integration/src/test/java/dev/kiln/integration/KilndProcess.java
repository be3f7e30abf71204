package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The packed daemon as a process, on a folder of its own. */
public final class KilndProcess implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final int STOP_SECONDS = 40;

  private final Process process;
  private final Path root;
  private final Path socket;
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread reader;
  private volatile boolean listens;

  private KilndProcess(Process process, Path root, Path socket) {
    this.process = process;
    this.root = root;
    this.socket = socket;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /** Starts the daemon and waits until it listens. */
  public static KilndProcess start(Path folder) throws IOException, InterruptedException {
    return start(folder, folder.resolve("root"), "");
  }

  /**
   * Starts the daemon and waits until it listens.
   *
   * @param folder for its socket and its configuration
   * @param root the folder with its state
   * @param config the text of its buildkitd.toml
   */
  public static KilndProcess start(Path folder, Path root, String config)
      throws IOException, InterruptedException {
    return start(folder, root, config, Map.of());
  }

  /**
   * Starts the daemon and waits until it listens.
   *
   * @param environment variables beside those of the test
   */
  public static KilndProcess start(
      Path folder, Path root, String config, Map<String, String> environment)
      throws IOException, InterruptedException {
    KilndProcess kilnd = launch(folder, root, config, environment);
    if (!kilnd.ready.await(START_SECONDS, TimeUnit.SECONDS) || !kilnd.listens) {
      kilnd.process.destroyForcibly();
      throw new IOException("the daemon did not start:\n" + kilnd.log());
    }
    return kilnd;
  }

  /** Starts a daemon and ends it as a crash would, a while later, ready or not. */
  public static void startAndKill(Path folder, Path root, Duration later)
      throws IOException, InterruptedException {
    KilndProcess kilnd = launch(folder, root, "", Map.of());
    var _ = kilnd.process.waitFor(later);
    kilnd.kill();
  }

  /** Starts a daemon that is expected to give up; gives what it printed. */
  public static String startInVain(Path folder, Path root, String config)
      throws IOException, InterruptedException {
    try (KilndProcess kilnd = launch(folder, root, config, Map.of())) {
      assertThat(kilnd.process.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
      kilnd.reader.join();
      assertThat(kilnd.process.exitValue()).as(kilnd.log()).isNotZero();
      return kilnd.log();
    }
  }

  private static KilndProcess launch(
      Path folder, Path root, String config, Map<String, String> environment) throws IOException {
    Tools.requireRoot();
    Tools.require("runc");
    Path socket = folder.resolve("k.sock");
    Path file = Files.writeString(folder.resolve("buildkitd.toml"), config);
    ProcessBuilder builder =
        new ProcessBuilder(
            launcher("kilnd").toString(),
            "--root=" + root,
            "--addr=unix://" + socket,
            "--config=" + file);
    builder.environment().putAll(environment);
    return new KilndProcess(builder.redirectErrorStream(true).start(), root, socket);
  }

  /** A launcher of the packed programs. */
  public static Path launcher(String name) {
    Path launcher = Tools.kilnHome().resolve("bin").resolve(name);
    // Maven's copies lose the bit that makes them executable.
    assertThat(launcher.toFile().setExecutable(true)).as("%s", launcher).isTrue();
    return launcher;
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
        if (line.contains("running, listening on")) {
          listens = true;
          ready.countDown();
        }
      }
    } catch (IOException e) {
      log.add(e.toString());
    } finally {
      ready.countDown();
    }
  }

  /** What the daemon has printed so far. */
  public String log() {
    return String.join("\n", log) + "\n";
  }

  /** The folder with the daemon's state. */
  public Path root() {
    return root;
  }

  /** The command that lets buildctl build a context with the Dockerfile frontend. */
  public List<String> buildctlCommand(Path context, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Tools.require("buildctl"),
                "--addr=" + address(),
                "build",
                "--progress=plain",
                "--frontend=dockerfile.v0",
                "--local=context=" + context,
                "--local=dockerfile=" + context));
    command.addAll(List.of(more));
    return command;
  }

  /** Where it listens, as clients are told. */
  public String address() {
    return "unix://" + socket;
  }

  /** The mount points below the daemon's root. */
  public List<String> mounts() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> Iterables.get(Splitter.on(' ').split(line), 4))
          .filter(point -> point.startsWith(root + "/"))
          .toList();
    }
  }

  /** Programs that run for the daemon: below it, or with its root in their command line. */
  public List<String> programs() {
    List<String> found = new ArrayList<>();
    process.descendants().forEach(each -> found.add(Programs.commandLine(each.pid())));
    Programs.withArgument(root.toString()).stream()
        .filter(pid -> pid != process.pid())
        .forEach(pid -> found.add(Programs.commandLine(pid)));
    return found;
  }

  /** Ends the daemon as a crash would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }

  /** Asks the daemon to end and waits for it; asserts that nothing of it is left. */
  @Override
  public void close() throws IOException, InterruptedException {
    boolean ran = process.isAlive();
    // Process.destroy would also close the stream with the last lines of the log.
    var _ = process.toHandle().destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("the daemon did not stop in " + STOP_SECONDS + " s:\n" + log());
    }
    reader.join();
    if (ran) {
      assertThat(mounts()).as("mounts left").isEmpty();
      assertThat(programs()).as("programs left").isEmpty();
    }
  }
}
