package dev.kiln.dockerfile.instruction;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import dev.kiln.dockerfile.parser.Arguments;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Node;
import dev.kiln.dockerfile.text.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads HEALTHCHECK. */
final class HealthcheckReader {

  private static final Duration MIN_INTERVAL = Duration.ofMillis(1);

  private HealthcheckReader() {}

  static HealthcheckInstruction read(Node node, Origin origin) {
    if (!(node.arguments() instanceof Arguments.Check check)) {
      throw new DockerfileException("HEALTHCHECK requires at least one argument");
    }
    String type = check.type().toUpperCase(Locale.ROOT);
    List<String> command = check.command().flat();
    if (type.equals("NONE")) {
      return readNone(origin, command);
    }
    FlagSet flags =
        new FlagSet()
            .texts("interval", "timeout", "start-period", "start-interval", "retries")
            .read(node.flags());
    if (!type.equals("CMD")) {
      throw new DockerfileException("Unknown type " + quoted(type) + " in HEALTHCHECK (try CMD)");
    }
    if (command.isEmpty()) {
      throw new DockerfileException("Missing command after HEALTHCHECK CMD");
    }
    List<String> test = new ArrayList<>();
    test.add(check.command().isJson() ? "CMD" : "CMD-SHELL");
    test.addAll(command);
    return new HealthcheckInstruction(
        origin,
        test,
        duration(flags, "interval"),
        duration(flags, "timeout"),
        duration(flags, "start-period"),
        duration(flags, "start-interval"),
        retries(flags.text("retries")));
  }

  private static HealthcheckInstruction readNone(Origin origin, List<String> command) {
    if (!command.isEmpty()) {
      throw new DockerfileException("HEALTHCHECK NONE takes no arguments");
    }
    Duration unset = Duration.ZERO;
    return new HealthcheckInstruction(origin, List.of("NONE"), unset, unset, unset, unset, 0);
  }

  private static Duration duration(FlagSet flags, String name) {
    String text = flags.text(name);
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    Duration duration;
    try {
      duration = DurationText.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw new DockerfileException(String.valueOf(malformed.getMessage()));
    }
    if (!duration.isZero() && duration.compareTo(MIN_INTERVAL) < 0) {
      throw new DockerfileException(
          "Interval " + quoted(name) + " cannot be less than " + MIN_INTERVAL.toMillis() + "ms");
    }
    return duration;
  }

  private static int retries(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[+-]?[0-9]+")) {
      throw new DockerfileException(
          "strconv.ParseInt: parsing " + quoted(text) + ": invalid syntax");
    }
    try {
      int retries = Integer.parseInt(text);
      if (retries >= 0) {
        return retries;
      }
      throw new DockerfileException("--retries cannot be negative (" + retries + ")");
    } catch (NumberFormatException tooLarge) {
      throw new DockerfileException(
          "strconv.ParseInt: parsing " + quoted(text) + ": value out of range");
    }
  }
}
