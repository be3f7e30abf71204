package dev.kiln.daemon.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.executor.ExitException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProcessFailureTest {
  @Test
  void aScriptIsToldOnOneLine() {
    List<String> args = List.of("/bin/sh", "-c", "echo \"a\"\nfalse\n");
    KeptTrees none = new KeptTrees(List.of(), List.of());
    assertThat(new ProcessFailure(args, new ExitException(3, false), none))
        .hasMessage(
            "process \"/bin/sh -c echo \\\"a\\\"\\nfalse\\n\" did not complete successfully:"
                + " exit code: 3");
  }
}
