package dev.kiln.wire.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import dev.kiln.wire.testing.FakeDaemon;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real clients against a daemon that only fetches their context; skipped where there are none. */
@Timeout(120)
class StockClientTest {
  @TempDir Path folder;

  @Test
  void buildctlSendsItsContext() throws Exception {
    String buildctl = find("buildctl");
    Path context = context();
    Path socket = folder.resolve("d.sock");
    try (FakeDaemon daemon = new FakeDaemon(socket)) {
      String address = "unix://" + socket;
      run(buildctl, "--addr", address, "debug", "workers");
      run(
          buildctl,
          "--addr",
          address,
          "build",
          "--progress=plain",
          "--frontend=dockerfile.v0",
          "--local=context=" + context,
          "--local=dockerfile=" + context);

      var files = daemon.received.get("bridge");
      assertThat(files).hasSize(301);
      for (var file : files.entrySet()) {
        assertThat(file.getValue().toByteArray())
            .isEqualTo(Files.readAllBytes(context.resolve(file.getKey())));
      }
    }
  }

  @Test
  void buildxBuildsWithoutAStall() throws Exception {
    String buildx = find("buildx");
    Path context = context();
    Path socket = folder.resolve("d.sock");
    try (FakeDaemon daemon = new FakeDaemon(socket)) {
      run(buildx, "create", "--name=fake", "--driver=remote", "unix://" + socket);
      run(buildx, "--builder=fake", "build", "--progress=plain", context.toString());
      assertThat(daemon.received.get("bridge")).hasSize(301);

      long best = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        run(buildx, "--builder=fake", "build", "--progress=plain", context.toString());
        best = Math.min(best, System.nanoTime() - start);
      }
      assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(900));
    }
  }

  private Path context() throws Exception {
    Path context = Files.createDirectory(folder.resolve("context"));
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      Path parent = Files.createDirectories(context.resolve("d" + i % 7));
      byte[] body = new byte[i * 401];
      random.nextBytes(body);
      Files.write(parent.resolve("f" + i), body);
    }
    return context;
  }

  private void run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)));
    builder.environment().put("BUILDX_CONFIG", folder.resolve("buildx").toString());
    builder.environment().put("DOCKER_CONFIG", folder.resolve("docker").toString());
    File log = folder.resolve("log").toFile();
    Process process = builder.redirectErrorStream(true).redirectOutput(log).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("%s", List.of(command)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log.toPath())).isZero();
  }

  private static String find(String program) {
    for (String folder : Splitter.on(':').split(System.getenv("PATH"))) {
      Path path = Path.of(folder, program);
      if (Files.isExecutable(path)) {
        return path.toString();
      }
    }
    assumeTrue(false, program + " is not on the PATH");
    return program;
  }
}
