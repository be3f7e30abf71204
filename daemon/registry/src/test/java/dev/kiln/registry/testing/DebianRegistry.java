package dev.kiln.registry.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's docker-registry as a child process on a loopback port. Tests are skipped where it is not
 * installed.
 */
public final class DebianRegistry implements AutoCloseable {
  private static final int START_SECONDS = 20;

  private final Process process;
  private final int port;

  private DebianRegistry(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Over plain HTTP, for everybody. */
  public static DebianRegistry plain(Path directory) throws IOException {
    return start(directory, "");
  }

  /** Over TLS, for the users of an htpasswd file. */
  public static DebianRegistry secured(Path directory, Path certificate, Path key, Path htpasswd)
      throws IOException {
    return start(
        directory,
        """
          tls:
            certificate: %s
            key: %s
        auth:
          htpasswd:
            realm: test
            path: %s
        """
            .formatted(certificate, key, htpasswd));
  }

  /** Over TLS, for everybody, or for clients that an authority signed if one is given. */
  public static DebianRegistry tls(
      Path directory, Path certificate, Path key, List<Path> clientAuthorities) throws IOException {
    StringBuilder more =
        new StringBuilder("  tls:\n    certificate: " + certificate + "\n    key: " + key + "\n");
    if (!clientAuthorities.isEmpty()) {
      more.append("    clientcas:\n");
      clientAuthorities.forEach(file -> more.append("      - ").append(file).append('\n'));
    }
    return start(directory, more.toString());
  }

  private static DebianRegistry start(Path directory, String more) throws IOException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/docker-registry")),
        "docker-registry is not installed");
    int port = freePort();
    Files.createDirectories(directory);
    Path config = directory.resolve("config.yml");
    Files.writeString(
        config,
        """
        version: 0.1
        log: { level: error, accesslog: { disabled: true } }
        storage:
          filesystem: { rootdirectory: %s }
        http:
          addr: 127.0.0.1:%d
        """
                .formatted(directory.resolve("data"), port)
            + more);
    ProcessBuilder builder = new ProcessBuilder("docker-registry", "serve", config.toString());
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile());
    Process process = builder.start();
    await(process, port, directory);
    return new DebianRegistry(process, port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(Process process, int port, Path directory) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException(
              "docker-registry did not start: " + Files.readString(directory.resolve("log")), e);
        }
        Thread.onSpinWait();
      }
    }
  }

  /** Host and port. */
  public String host() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
