package dev.kiln.cli.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The engine that the {@code docker} program talks to. */
final class ProgramEngine implements DockerEngine {
  @Override
  public boolean takesLists() throws IOException {
    Process process =
        new ProcessBuilder("docker", "info", "--format", "{{json .DriverStatus}}")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return text.contains(ApiEngine.CONTAINERD_STORE);
  }

  @Override
  public Loading load() throws IOException {
    Process process =
        new ProcessBuilder("docker", "load", "--quiet").redirectErrorStream(true).start();
    return new ProgramLoading(process);
  }

  private record ProgramLoading(Process process) implements Loading {
    @Override
    public OutputStream archive() {
      return process.getOutputStream();
    }

    @Override
    public void await(LoadListener listener) throws IOException {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      try {
        if (process.waitFor() != 0) {
          throw new IOException("docker load failed: " + said.strip());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("docker load was interrupted", e);
      }
    }

    @Override
    public void abort() {
      process.destroy();
    }
  }
}
