package dev.kiln.cli.build;

import dev.kiln.cli.flag.UsageException;
import dev.kiln.wire.attach.AttachedSsh.Agent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code --ssh}: agents that run, and keys for which one is started. */
final class SshAgents {
  private static final long START_SECONDS = 5;

  private final SolvePlan plan;
  private final Map<String, String> environment;

  SshAgents(SolvePlan plan, Map<String, String> environment) {
    this.plan = plan;
    this.environment = environment;
  }

  /** Adds the agents to the plan. */
  void add(List<String> texts) throws IOException {
    for (String text : texts) {
      if (!text.isEmpty()) {
        add(text);
      }
    }
  }

  private void add(String text) throws IOException {
    int equals = text.indexOf('=');
    String id = equals < 0 ? text : text.substring(0, equals);
    List<String> paths =
        equals < 0
            ? new ArrayList<>()
            : new ArrayList<>(List.of(text.substring(equals + 1).split(",", -1)));
    boolean raw = paths.remove("raw=true");
    paths.removeIf(path -> path.equals("raw=false") || path.isEmpty());
    if (paths.isEmpty()) {
      paths.add(environment.getOrDefault("SSH_AUTH_SOCK", ""));
    }
    if (paths.getFirst().isEmpty()) {
      throw new UsageException(
          "invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set, or name a key: --ssh "
              + id
              + "=PATH");
    }
    Path first = Path.of(paths.getFirst());
    if (!Files.exists(first)) {
      throw new UsageException("could not use " + first + " for --ssh " + id + ": no such file");
    }
    boolean socket = !Files.isRegularFile(first);
    if (socket && paths.size() > 1) {
      throw new UsageException("only single socket allowed for --ssh " + id);
    }
    Agent agent = new Agent(socket ? first : startAgent(paths), raw && socket);
    if (plan.agents.putIfAbsent(id.isEmpty() ? "default" : id, agent) != null) {
      throw new UsageException("invalid duplicate ssh agent id \"" + id + "\"");
    }
  }

  /** Keys stay with OpenSSH's own agent, which also asks for their passphrases. */
  private Path startAgent(List<String> keys) throws IOException {
    Path socket = TemporaryFolder.create(plan, "agent").resolve("agent.sock");
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    plan.atEnd(agent::destroy);
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
      while (!Files.exists(socket) && System.nanoTime() < end && agent.isAlive()) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      List<String> call = new ArrayList<>(List.of("ssh-add", "-q"));
      call.addAll(keys);
      ProcessBuilder add = new ProcessBuilder(call).inheritIO();
      add.environment().put("SSH_AUTH_SOCK", socket.toString());
      if (add.start().waitFor() != 0) {
        throw new IOException("could not load the keys " + String.join(", ", keys));
      }
      return socket;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not load the keys " + String.join(", ", keys), e);
    }
  }
}
