package dev.kiln.executor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedProgramTest {
  @TempDir Path temp;

  private static int run(Path program) throws IOException {
    return new CommandCall(program, List.of(), List.of(), "").run().code();
  }

  @Test
  void copyRunsCannotBeChangedAndIsRenewedWithItsFile() throws IOException {
    assumeThat(Path.of("/sys/fs/selinux/enforce")).doesNotExist();
    Path file = Files.copy(Path.of("/bin/true").toRealPath(), temp.resolve("program"));
    try (var program = new SealedProgram(file, temp.resolve("link"))) {
      Path copy = program.path();
      assertThat(copy).isEqualTo(temp.resolve("link"));
      assertThat(run(copy)).isZero();
      assertThatThrownBy(() -> Files.write(copy, new byte[1], StandardOpenOption.WRITE))
          .isInstanceOf(IOException.class);
      assertThat(program.path()).isEqualTo(copy);

      Files.delete(file);
      Files.copy(Path.of("/bin/false").toRealPath(), file);
      assertThat(run(program.path())).isEqualTo(1);
    }
  }

  @Test
  void scriptIsStartedFromItsFile() throws IOException {
    Path script = Files.writeString(temp.resolve("script"), "#!/bin/sh\nexit 3\n");
    try (var program = new SealedProgram(script, temp.resolve("link"))) {
      assertThat(program.path()).isEqualTo(script);
    }
  }

  @Test
  void missingProgramIsLeftToTheOneThatStartsIt() {
    Path missing = temp.resolve("missing");
    try (var program = new SealedProgram(missing, temp.resolve("link"))) {
      assertThat(program.path()).isEqualTo(missing);
    }
  }
}
