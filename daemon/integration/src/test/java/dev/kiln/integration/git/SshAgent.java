package dev.kiln.integration.git;

import dev.kiln.integration.Await;
import dev.kiln.integration.Run;
import dev.kiln.integration.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running ssh-agent that holds one key. */
final class SshAgent implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final Process process;
  private final Path socket;

  private SshAgent(Process process, Path socket) {
    this.process = process;
    this.socket = socket;
  }

  /** Starts an agent and gives it a private key. */
  static SshAgent open(Path folder, Path key) throws Exception {
    Path socket = folder.resolve("agent");
    Process process =
        new ProcessBuilder(Tools.require("ssh-agent"), "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    SshAgent agent = new SshAgent(process, socket);
    try {
      Await.until(START, "ssh-agent listens", () -> Files.exists(socket));
      Run.of(
              Map.of("SSH_AUTH_SOCK", socket.toString()),
              folder,
              List.of(Tools.require("ssh-add"), "-q", key.toString()))
          .ok();
    } catch (Exception | AssertionError e) {
      agent.close();
      throw e;
    }
    return agent;
  }

  Path socket() {
    return socket;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    Files.deleteIfExists(socket);
  }
}
