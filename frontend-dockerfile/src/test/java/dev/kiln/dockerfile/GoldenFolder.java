package dev.kiln.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A folder of inputs, each with its expected output beside it. To add a case, add an input and run
 * the tests with {@code -Dkiln.golden=write}: outputs that are missing or differ are then written,
 * to be read before they are committed.
 */
public final class GoldenFolder {

  private static final boolean WRITE = "write".equals(System.getProperty("kiln.golden"));

  private final Path folder;

  /** A folder in this module's test resources. */
  public GoldenFolder(String name) {
    this.folder = Path.of("src/test/resources", name);
  }

  /** One test for each file that ends with {@code inputSuffix}. */
  public Stream<DynamicTest> tests(
      String inputSuffix, String outputSuffix, Function<String, String> transform) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(inputSuffix)).sorted().toList().stream()
          .map(file -> test(file, inputSuffix, outputSuffix, transform));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DynamicTest test(
      Path input, String inputSuffix, String outputSuffix, Function<String, String> transform) {
    String file = input.getFileName().toString();
    String name = file.substring(0, file.length() - inputSuffix.length());
    Path output = input.resolveSibling(name + outputSuffix);
    return DynamicTest.dynamicTest(
        name,
        input.toUri(),
        () -> {
          String actual = transform.apply(Files.readString(input));
          if (WRITE) {
            Files.writeString(output, actual);
          }
          assertThat(output).as("expected output of %s", input).exists();
          assertThat(actual).isEqualTo(Files.readString(output));
        });
  }
}
