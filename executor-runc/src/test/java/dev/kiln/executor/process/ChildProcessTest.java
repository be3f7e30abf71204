package dev.kiln.executor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ChildProcessTest {
  private static final ChildProcess.Standard NOTHING = new ChildProcess.Standard(null, null, null);

  private static ChildProcess shell(String script, ChildProcess.Standard standard)
      throws IOException {
    return ChildProcess.start("/bin/sh", List.of("sh", "-c", script), List.of("A=b"), standard);
  }

  private static int exitCode(ChildProcess child) throws Exception {
    return child.exit().get(20, TimeUnit.SECONDS);
  }

  @Test
  void exitCodesAndSignalsAreTold() throws Exception {
    assertThat(exitCode(shell("exit 42", NOTHING))).isEqualTo(42);
    ChildProcess sleeper =
        ChildProcess.start("/bin/sleep", List.of("sleep", "100"), List.of(), NOTHING);
    sleeper.signal(15);
    assertThat(exitCode(sleeper)).isEqualTo(143);
    sleeper.signal(9);
  }

  @Test
  void childHasItsEnvironmentAndItsDescriptorsOnly() throws Exception {
    try (Pipe pipe = Pipe.open();
        var leak = Files.newInputStream(Path.of("/dev/null"))) {
      assertThat(leak.available()).isZero();
      ChildProcess child =
          shell(
              "echo $A; ls /proc/self/fd | wc -l; cat",
              new ChildProcess.Standard(null, pipe.writeEnd(), null));
      pipe.writeEnd().close();
      var bytes = new ByteArrayOutputStream();
      pipe.readEnd().drain((chunk, count) -> bytes.write(chunk, 0, count));
      assertThat(bytes.toString(StandardCharsets.UTF_8).replace(" ", "")).isEqualTo("b\n4\n");
      assertThat(exitCode(child)).isZero();
    }
  }

  @Test
  void missingProgramIsAnError() {
    assertThatThrownBy(() -> ChildProcess.start("/no/such", List.of("x"), List.of(), NOTHING))
        .isInstanceOf(IOException.class)
        .hasMessage("could not start /no/such: No such file or directory");
  }

  @Test
  void descriptorsCloseAfterTheirLastUse() throws Exception {
    Pipe pipe = Pipe.open();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    pipe.readEnd().drain((chunk, count) -> pipe.readEnd().close());
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    pipe.writeEnd().write(new byte[] {1, 2, 3}, 3);
    pipe.writeEnd().close();
    reader.join();
    assertThatThrownBy(() -> pipe.readEnd().drain((chunk, count) -> {}))
        .hasMessage("the descriptor is closed");
  }
}
