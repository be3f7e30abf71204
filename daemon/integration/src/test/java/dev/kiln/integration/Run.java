package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that has ended.
 *
 * @param out what it wrote to its output
 * @param err what it wrote to its error output
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares runs.
public record Run(List<String> command, int exit, byte[] out, String err) {
  private static final int PATIENCE_SECONDS = 120;

  /** Runs a program to its end. */
  public static Run of(String... command) throws IOException, InterruptedException {
    return of(Map.of(), Path.of("/"), List.of(command));
  }

  /** Runs a program to its end, with more in its environment. */
  public static Run of(Map<String, String> environment, Path folder, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    CompletableFuture<byte[]> out =
        CompletableFuture.supplyAsync(() -> all(process.getInputStream()));
    CompletableFuture<byte[]> err =
        CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          command
              + " did not end in "
              + PATIENCE_SECONDS
              + " s:\n"
              + text(out.join())
              + text(err.join()));
    }
    return new Run(command, process.exitValue(), out.join(), text(err.join()));
  }

  private static byte[] all(InputStream stream) {
    try (stream) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Its output as text. */
  public String output() {
    return text(out);
  }

  /** Asserts that it ended well. */
  public Run ok() {
    assertThat(exit).as("%s\n%s%s", command, output(), err).isZero();
    return this;
  }

  /** Asserts that it ended in failure; gives its error output. */
  public String failed() {
    assertThat(exit).as("%s\n%s%s", command, output(), err).isNotZero();
    return err;
  }
}
