package dev.kiln.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Folders with a Dockerfile and what becomes of it. To add a case, add a folder and run with {@code
 * -Dkiln.golden=write}. The digests in the expected files are those that BuildKit's own frontend
 * gives to the same input: a change that moves one of them loses every cache that was filled
 * before.
 */
class ConversionGoldenTest {

  private static final Path ROOT = Path.of("src/test/resources/convert");
  private static final boolean WRITE = "write".equals(System.getProperty("kiln.golden"));

  @TestFactory
  Stream<DynamicTest> dockerfilesBecomeTheExpectedDefinitions() {
    return ConvertCase.all(ROOT).stream()
        .map(
            input ->
                DynamicTest.dynamicTest(
                    input.name(),
                    () -> {
                      Path expected = input.folder().resolve("expected.txt");
                      String actual = ConversionDump.of(input);
                      if (WRITE) {
                        Files.writeString(expected, actual);
                      }
                      assertThat(actual).isEqualTo(Files.readString(expected));
                    }));
  }
}
