package dev.kiln.integration;

import com.google.common.base.Splitter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds the programs that tests need. What is missing skips the test with a reason that names it.
 */
public final class Tools {
  private static final List<Path> MORE =
      List.of(tree().resolve("target/clients"), Path.of("/usr/sbin"), Path.of("/sbin"));

  private Tools() {}

  /** The root of the source tree. */
  public static Path tree() {
    return folder("kiln.tree");
  }

  /** The packed daemon and command line. */
  public static Path kilnHome() {
    return folder("kiln.home");
  }

  private static Path folder(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException(
          "the system property " + property + " is not set; run these tests with mvn verify");
    }
    return Path.of(value);
  }

  /** The path of a program; skips the running test if this machine lacks it. */
  public static String require(String program) {
    Stream<Path> path = Splitter.on(':').splitToStream(System.getenv("PATH")).map(Path::of);
    return Stream.concat(MORE.stream(), path)
        .map(folder -> folder.resolve(program))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElseGet(
            () -> {
              Assumptions.abort(program + " is not installed");
              return program;
            });
  }

  /** Skips the running test if it does not run as root. */
  public static void requireRoot() {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }
}
