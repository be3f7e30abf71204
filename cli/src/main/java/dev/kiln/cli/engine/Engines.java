package dev.kiln.cli.engine;

import dev.kiln.cli.flag.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Finds the engine that {@code DOCKER_HOST} names, or the usual one. */
public final class Engines {
  private static final String USUAL = "unix:///var/run/docker.sock";

  private Engines() {}

  /**
   * The engine: by its API where that is on a socket of this machine, else through the {@code
   * docker} program, which knows about contexts, SSH and TLS.
   *
   * @throws UsageException if there is neither
   */
  public static DockerEngine find(Map<String, String> environment) {
    String set = environment.getOrDefault("DOCKER_HOST", "");
    String host = set.isEmpty() ? USUAL : set;
    if (host.startsWith("unix://")) {
      Path socket = Path.of(host.substring("unix://".length()));
      if (Files.exists(socket)) {
        return new ApiEngine(socket);
      }
    }
    if (onPath("docker", environment)) {
      return new ProgramEngine();
    }
    throw new UsageException(
        "could not load the image: there is no Docker engine at "
            + host
            + " and no docker program; start the engine, set DOCKER_HOST, or use --output"
            + " type=docker,dest=FILE");
  }

  private static boolean onPath(String program, Map<String, String> environment) {
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder).resolve(program))) {
        return true;
      }
    }
    return false;
  }
}
