package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.CancellationSource;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Stdio;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Terminals, and processes that join a container. */
class FurtherProcessTest extends RuncFixture {
  @Test
  void terminalHasItsSizeAndTakesInput() throws Exception {
    executor.run(
        container(shell("stty size; read x; echo got:$x; test -t 1 && test -t 2 && echo tty"))
            .build(),
        new Stdio.Terminal(
            new ByteArrayInputStream("hello\n".getBytes(StandardCharsets.UTF_8)), output, 91, 33),
        ContainerListener.NONE,
        Cancellation.NONE);
    assertThat(output.toString(StandardCharsets.UTF_8))
        .contains("33 91\r\n")
        .contains("got:hello\r\n")
        .endsWith("tty\r\n");
  }

  @Test
  void furtherProcessesJoinTheContainer() throws Exception {
    var stop = new CancellationSource();
    var ready = new CountDownLatch(1);
    var spec = container(shell("echo up; sleep 1000")).hostname("joined").build();
    Thread first =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    executor.run(
                        spec, new Stdio.Streams(null, onFirstByte(ready), error), p -> {}, stop);
                  } catch (ExecutorException e) {
                    // cancelled below
                  }
                });
    assertThat(ready.await(30, TimeUnit.SECONDS)).isTrue();
    executor.exec(
        spec.id(),
        ProcessSpec.of("sh", "-c", "hostname; id -u").withUser("web"),
        new Stdio.Streams(null, output, error),
        ContainerListener.NONE,
        Cancellation.NONE);
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("joined\n1000\n");
    var stopOne = new CancellationSource();
    assertThatThrownBy(
            () ->
                executor.exec(
                    spec.id(),
                    ProcessSpec.of("sh", "-c", "echo x; sleep 1000"),
                    new Stdio.Streams(null, onFirstByte(cancelling(stopOne)), error),
                    ContainerListener.NONE,
                    stopOne))
        .isInstanceOf(CancelledException.class);
    assertThat(first.isAlive()).isTrue();
    stop.cancel(null);
    first.join();
    assertThatThrownBy(
            () ->
                executor.exec(
                    spec.id(),
                    ProcessSpec.of("true"),
                    Stdio.discard(),
                    ContainerListener.NONE,
                    Cancellation.NONE))
        .hasMessage("container " + spec.id() + " not found");
  }

  private static CountDownLatch cancelling(CancellationSource source) {
    return new CountDownLatch(1) {
      @Override
      public void countDown() {
        source.cancel(null);
      }
    };
  }
}
