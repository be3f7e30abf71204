package dev.kiln.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Debian's docker-registry on a loopback port, over plain HTTP. */
public final class RegistryProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);

  private final Process process;
  private final int port;

  private RegistryProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** A registry for everybody. */
  public static RegistryProcess open(Path folder) throws Exception {
    return start(folder, "");
  }

  /** A registry for the users in an htpasswd file. */
  public static RegistryProcess secured(Path folder, Path htpasswd) throws Exception {
    return start(folder, "auth:\n  htpasswd: { realm: test, path: " + htpasswd + " }\n");
  }

  private static RegistryProcess start(Path folder, String more) throws Exception {
    String program = Tools.require("docker-registry");
    int port = freePort();
    Files.createDirectories(folder);
    Path log = folder.resolve("log");
    Path config =
        Files.writeString(
            folder.resolve("config.yml"),
            """
            version: 0.1
            log: { level: error, accesslog: { disabled: true } }
            storage:
              filesystem: { rootdirectory: %s }
              delete: { enabled: true }
            http: { addr: 127.0.0.1:%d }
            """
                    .formatted(folder.resolve("data"), port)
                + more);
    Process process =
        new ProcessBuilder(program, "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Await.until(
          START,
          "docker-registry listens",
          () -> {
            if (!process.isAlive()) {
              throw new IOException("docker-registry has ended: " + Files.readString(log));
            }
            return listens(port);
          });
    } catch (Exception | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
    return new RegistryProcess(process, port);
  }

  /** A port of the loopback address on which nothing listens. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
