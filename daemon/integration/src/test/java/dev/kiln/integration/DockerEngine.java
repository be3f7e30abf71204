package dev.kiln.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Docker engine on a folder of its own, without any network. */
final class DockerEngine implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 30;

  private final Process process;
  private final String docker;
  private final String address;

  private DockerEngine(Process process, String docker, String address) {
    this.process = process;
    this.docker = docker;
    this.address = address;
  }

  /** Starts an engine and waits until it answers. */
  static DockerEngine start(Path folder) throws Exception {
    Tools.requireRoot();
    String docker = Tools.require("docker");
    String dockerd = Tools.require("dockerd");
    Files.createDirectories(folder);
    Path log = folder.resolve("log");
    String address = "unix://" + folder.resolve("d.sock");
    Process process =
        new ProcessBuilder(
                dockerd,
                "--data-root=" + folder.resolve("data"),
                "--exec-root=" + folder.resolve("exec"),
                "--pidfile=" + folder.resolve("pid"),
                "--host=" + address,
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--bridge=none")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    DockerEngine engine = new DockerEngine(process, docker, address);
    try {
      Await.until(
          START,
          "dockerd answers",
          () -> {
            if (!process.isAlive()) {
              throw new IOException("dockerd has ended: " + Files.readString(log));
            }
            return engine.docker("version").exit() == 0;
          });
    } catch (Exception | AssertionError e) {
      engine.close();
      throw e;
    }
    return engine;
  }

  /** Where it listens, as clients are told. */
  String address() {
    return address;
  }

  /** Runs the docker command on this engine. */
  Run docker(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(docker));
    command.addAll(List.of(arguments));
    return Run.of(Map.of("DOCKER_HOST", address), Path.of("/"), command);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
