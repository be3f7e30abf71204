package dev.kiln.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A daemon with a registry that holds a base image, and a place for build contexts. */
public final class Workshop implements AutoCloseable {
  private final Path folder;
  private final RegistryProcess registry;
  private final String busybox;
  private KilndProcess kilnd;
  private int contexts;

  private Workshop(Path folder, RegistryProcess registry, String busybox, KilndProcess kilnd) {
    this.folder = folder;
    this.registry = registry;
    this.busybox = busybox;
    this.kilnd = kilnd;
  }

  /** Starts everything below a folder. */
  public static Workshop open(Path folder) throws Exception {
    RegistryProcess registry = RegistryProcess.open(folder.resolve("registry"));
    try {
      String busybox = BaseImages.busybox(registry);
      return new Workshop(folder, registry, busybox, KilndProcess.start(folder));
    } catch (Exception | AssertionError e) {
      registry.close();
      throw e;
    }
  }

  public KilndProcess kilnd() {
    return kilnd;
  }

  public RegistryProcess registry() {
    return registry;
  }

  /** Reference of the base image. */
  public String busybox() {
    return busybox;
  }

  /** A reference in the registry. */
  public String image(String name) {
    return registry.host() + "/" + name;
  }

  /** Ends the daemon and starts it anew on the same state. */
  public void restart() throws IOException, InterruptedException {
    kilnd.close();
    kilnd = KilndProcess.start(folder);
  }

  /** A path that nothing uses yet. */
  public Path fresh(String name) {
    return folder.resolve(name + "-" + contexts++);
  }

  /** A new context folder with a Dockerfile, in which BASE stands for the base image. */
  public Path context(String dockerfile) throws IOException {
    Path context = Files.createDirectory(fresh("context"));
    Files.writeString(context.resolve("Dockerfile"), dockerfile.replace("BASE", busybox));
    return context;
  }

  /** Runs buildctl to build a context with the Dockerfile frontend. */
  public Run buildctl(Path context, String... more) throws IOException, InterruptedException {
    return Run.of(environment(), context, buildctlCommand(context, more));
  }

  /** The command that builds a context with the Dockerfile frontend. */
  public List<String> buildctlCommand(Path context, String... more) {
    return kilnd.buildctlCommand(context, more);
  }

  /** What clients need in their environment to leave the user's own settings alone. */
  Map<String, String> environment() {
    return Map.of(
        "DOCKER_CONFIG", folder.resolve("docker").toString(),
        "BUILDX_CONFIG", folder.resolve("buildx").toString(),
        "HOME", folder.toString());
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try (registry) {
      kilnd.close();
    }
  }
}
