package dev.kiln.cli.daemon;

import dev.kiln.wire.attach.HomeFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts a daemon in the background, which outlives this program and ends when it is idle. */
public final class DaemonLauncher {
  private static final long START_S = 30;
  private static final long POLL_MS = 20;
  private static final String IDLE = "15m";

  private final Path socket;
  private final Map<String, String> environment;

  /** Starts daemons that listen here. */
  public DaemonLauncher(Path socket, Map<String, String> environment) {
    this.socket = socket;
    this.environment = environment;
  }

  /**
   * Returns when it listens. Of several programs that do this at once, one starts it.
   *
   * @throws IOException if it does not come up, with the end of what it said
   */
  public void start() throws IOException {
    Path folder = parent(socket);
    Files.createDirectories(folder);
    Path log = state().resolve("kilnd.log");
    Files.createDirectories(parent(log));
    try (FileChannel file =
            FileChannel.open(
                folder.resolve("kilnd.start"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      if (lock.isValid() && !DaemonConnection.answers(socket)) {
        await(launch(log), log);
      }
    }
  }

  private Process launch(Path log) throws IOException {
    List<String> call = new ArrayList<>(List.of("setsid", launcher().toString()));
    call.addAll(
        List.of(
            "--addr",
            "unix://" + socket,
            "--root",
            state().toString(),
            "--idle-timeout",
            environment.getOrDefault("KILN_IDLE_TIMEOUT", IDLE)));
    return new ProcessBuilder(call)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .redirectErrorStream(true)
        .directory(Path.of("/").toFile())
        .start();
  }

  private void await(Process daemon, Path log) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S);
    try {
      while (!DaemonConnection.answers(socket)) {
        if (!daemon.isAlive() || System.nanoTime() > end) {
          throw new IOException(
              "could not start a daemon at "
                  + socket
                  + ": "
                  + lastLine(log)
                  + "; see "
                  + log
                  + ", or start kilnd yourself");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not start a daemon: interrupted", e);
    }
  }

  private static String lastLine(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  /** The folder that the daemon keeps its state in. */
  public Path state() {
    String set = environment.getOrDefault("KILN_ROOT", "");
    if (!set.isEmpty()) {
      return Path.of(set).toAbsolutePath();
    }
    return DaemonAddress.isRoot()
        ? Path.of("/var/lib/kiln")
        : HomeFolder.path().resolve(".local/share/kiln");
  }

  /** The program beside this one; the environment may name another. */
  private Path launcher() throws IOException {
    String set = environment.getOrDefault("KILN_DAEMON", "");
    String home = System.getProperty("kiln.home", "");
    Path program = Path.of(set.isEmpty() ? home + "/bin/kilnd" : set);
    if (!Files.isExecutable(program)) {
      throw new IOException(
          "could not start a daemon: there is no program "
              + program
              + "; start kilnd yourself and name it with --addr, or set KILN_DAEMON");
    }
    return program;
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
