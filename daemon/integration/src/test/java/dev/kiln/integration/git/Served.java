package dev.kiln.integration.git;

import dev.kiln.integration.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server program that runs in the foreground until this is closed, with what it started. */
final class Served implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final Process process;

  private Served(Process process) {
    this.process = process;
  }

  /** Starts a server and waits until it listens. */
  static Served start(Path log, InetSocketAddress address, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Served served = new Served(process);
    try {
      Await.until(
          START,
          command.getFirst() + " listens",
          () -> {
            if (!process.isAlive()) {
              throw new IOException(command + " has ended: " + Files.readString(log));
            }
            return listens(address);
          });
    } catch (Exception | AssertionError e) {
      served.close();
      throw e;
    }
    return served;
  }

  private static boolean listens(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }
}
