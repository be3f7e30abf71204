package dev.kiln.daemon.source.git;

import dev.kiln.solver.VertexProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The git program with a fixed set of circumstances: which repository, which credentials, where its
 * output is shown. It sees neither the machine's git configuration nor the daemon's environment.
 * Immutable; safe for use by many threads.
 *
 * @param gitDir null when no repository is meant
 * @param workTree null for a bare repository
 * @param arguments before the command
 * @param ssh how remotes are reached over SSH
 * @param progress shows the output; null when nobody looks
 */
record Git(
    @Nullable Path gitDir,
    @Nullable Path workTree,
    List<String> arguments,
    GitSsh ssh,
    @Nullable VertexProgress progress) {
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int CHUNK_BYTES = 32 << 10;
  private static final int MAX_RETRIES = 4;
  private static final long KILL_AFTER_SECONDS = 10;
  private static final List<String> PASSED_ON =
      List.of(
          "PATH",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "ALL_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "all_proxy");

  Git {
    arguments = List.copyOf(arguments);
  }

  static Git plain(@Nullable VertexProgress progress) {
    return new Git(null, null, List.of(), GitSsh.NONE, progress);
  }

  Git in(Path repository) {
    return new Git(repository, workTree, arguments, ssh, progress);
  }

  Git checkingOut(Path repository, Path tree) {
    return new Git(repository, tree, arguments, ssh, progress);
  }

  /** Runs a command and returns what it prints, without surrounding white space. */
  String text(String... command) throws IOException, InterruptedException {
    return new String(run(List.of(command)), StandardCharsets.UTF_8).strip();
  }

  /** Runs a command and returns what it prints. */
  byte[] run(String... command) throws IOException, InterruptedException {
    return run(List.of(command));
  }

  /**
   * Runs a command. Servers that cannot give one commit alone are asked for more.
   *
   * @throws GitException when git fails
   */
  byte[] run(List<String> command) throws IOException, InterruptedException {
    List<String> tried = command;
    for (int retry = 0; ; retry++) {
      Output output = once(tried);
      if (output.status() == 0) {
        return output.out();
      }
      List<String> simpler = simpler(tried, output.err());
      if (simpler.equals(tried) || retry == MAX_RETRIES) {
        throw new GitException(output.err(), output.status());
      }
      tried = simpler;
    }
  }

  private static List<String> simpler(List<String> command, String err) {
    if (err.contains("--depth") || err.contains("shallow")) {
      List<String> whole = command.stream().filter(arg -> !arg.equals("--depth=1")).toList();
      if (whole.size() < command.size()) {
        return whole;
      }
    }
    boolean refused = err.contains("not our ref") || err.contains("unadvertised object");
    if (refused
        && command.size() > 2
        && command.getFirst().equals("fetch")
        && GitOptions.isHash(command.getLast())) {
      return command.subList(0, command.size() - 1);
    }
    return command;
  }

  @SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
  private record Output(int status, byte[] out, String err) {}

  private Output once(List<String> command) throws IOException, InterruptedException {
    Process process = start(command);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Thread outReader = reader(process.getInputStream(), STDOUT, out);
    Thread errReader = reader(process.getErrorStream(), STDERR, err);
    try {
      int status = process.waitFor();
      outReader.join();
      errReader.join();
      return new Output(status, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      stop(process);
      throw e;
    }
  }

  private Process start(List<String> command) throws IOException {
    // Modes of checked out files must not depend on how the daemon was started.
    List<String> line =
        new ArrayList<>(List.of("/bin/sh", "-c", "umask 022; exec git \"$@\"", "git"));
    // A repository must not name folders of this machine as its submodules.
    line.addAll(List.of("-c", "protocol.file.allow=user"));
    if (workTree != null) {
      line.addAll(List.of("--work-tree", workTree.toString()));
    }
    if (gitDir != null) {
      line.addAll(List.of("--git-dir", gitDir.toString()));
    }
    line.addAll(arguments);
    line.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(line);
    if (workTree != null) {
      builder.directory(workTree.toFile());
    }
    environment(builder.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    return builder.start();
  }

  private void environment(Map<String, String> env) {
    env.keySet().retainAll(PASSED_ON);
    env.put("GIT_TERMINAL_PROMPT", "0");
    env.put("GIT_SSH_COMMAND", ssh.command());
    env.put("LC_ALL", "C");
    env.put("GIT_CONFIG_NOSYSTEM", "1");
    env.put("HOME", "/dev/null");
    env.put("GIT_CONFIG_GLOBAL", "/dev/null");
    if (!ssh.agentSocket().isEmpty()) {
      env.put("SSH_AUTH_SOCK", ssh.agentSocket());
    }
  }

  private Thread reader(InputStream from, int stream, ByteArrayOutputStream into) {
    return Thread.ofVirtual()
        .name("git-output")
        .start(
            () -> {
              byte[] chunk = new byte[CHUNK_BYTES];
              try (from) {
                for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                  into.write(chunk, 0, count);
                  if (progress != null && count > 0) {
                    progress.log(stream, Arrays.copyOf(chunk, count));
                  }
                }
              } catch (IOException e) {
                throw new UncheckedIOException("could not read what git prints", e);
              }
            });
  }

  /** Stops git with its helpers, which would go on by themselves. */
  private static void stop(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    Thread.ofVirtual()
        .name("git-stop")
        .start(
            () -> {
              try {
                if (!process.waitFor(KILL_AFTER_SECONDS, TimeUnit.SECONDS)) {
                  all.forEach(ProcessHandle::destroyForcibly);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
