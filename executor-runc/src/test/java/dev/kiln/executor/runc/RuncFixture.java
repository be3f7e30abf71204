package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Stdio;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An executor in a folder of its own, which must be empty in the end. */
@Timeout(60)
abstract class RuncFixture {
  @TempDir Path temp;
  Path rootfs;
  RuncExecutor executor;
  final ByteArrayOutputStream output = new ByteArrayOutputStream();
  final ByteArrayOutputStream error = new ByteArrayOutputStream();

  @BeforeEach
  void open() throws IOException {
    Path runc = TestingRootfs.requireRunc();
    rootfs = TestingRootfs.make(temp.resolve("image"));
    executor = new RuncExecutor(ExecutorOptions.of(temp.resolve("executor"), runc));
  }

  @AfterEach
  void close() throws IOException {
    if (executor == null) {
      return;
    }
    executor.close();
    assertThat(names(temp.resolve("executor/bundles"))).isEmpty();
    assertThat(names(temp.resolve("executor/runtime"))).isEmpty();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
  }

  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }

  static String newId() {
    return "test" + Long.toHexString(System.nanoTime());
  }

  ContainerSpec.Builder container(ProcessSpec process) {
    return ContainerSpec.builder(newId(), TestingRootfs.bind(rootfs), process);
  }

  static ProcessSpec shell(String script) {
    return ProcessSpec.of("sh", "-c", script);
  }

  String run(ContainerSpec spec) throws ExecutorException {
    executor.run(
        spec, new Stdio.Streams(null, output, error), ContainerListener.NONE, Cancellation.NONE);
    return output.toString(StandardCharsets.UTF_8);
  }

  String shellOutput(String script) throws ExecutorException {
    return run(container(shell(script)).build());
  }

  static OutputStream onFirstByte(CountDownLatch latch) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        latch.countDown();
      }
    };
  }
}
