package dev.kiln.dockerfile.lint;

import dev.kiln.dockerfile.parser.Directive;
import dev.kiln.dockerfile.parser.Directives;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.text.BooleanText;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a {@code check} directive asks for: {@code
 * skip=<rule,...>|all;error=true;experimental=<rule,...>|all}.
 *
 * @param skipAll no rule reports, except experimental ones that were asked for
 * @param failOnWarning a warning fails the build
 */
public record LintConfig(
    boolean skipAll,
    Set<String> skipped,
    boolean experimentalAll,
    Set<String> experimental,
    boolean failOnWarning) {

  /** Every rule that is not experimental reports, and nothing fails. */
  public static final LintConfig DEFAULT = new LintConfig(false, Set.of(), false, Set.of(), false);

  private static final int MAX_OPTIONS = 3;

  public LintConfig {
    skipped = Set.copyOf(skipped);
    experimental = Set.copyOf(experimental);
  }

  /**
   * What the {@code check} directive of a Dockerfile asks for, or the default if it has none.
   *
   * @throws DockerfileException if the directive's value is malformed
   */
  public static LintConfig ofDockerfile(byte[] text) {
    Optional<Directive> directive = Directives.find("check", text);
    try {
      return directive.map(found -> parse(found.firstWord())).orElse(DEFAULT);
    } catch (DockerfileException e) {
      throw e.prefixed("failed to parse check options: ");
    }
  }

  /**
   * Reads a directive's value.
   *
   * @throws DockerfileException if an option is unknown or malformed
   */
  public static LintConfig parse(String text) {
    LintConfig config = DEFAULT;
    if (text.isBlank()) {
      return config;
    }
    for (String option : text.strip().split(";", MAX_OPTIONS)) {
      int equals = option.indexOf('=');
      if (equals < 0) {
        throw new DockerfileException("invalid check option \"" + option + "\"");
      }
      config =
          config.withOption(
              option, option.substring(0, equals).strip(), option.substring(equals + 1).strip());
    }
    return config;
  }

  private LintConfig withOption(String option, String key, String value) {
    boolean all = value.equals("all");
    Set<String> rules =
        all
            ? Set.of()
            : Stream.of(value.split(",", -1)).map(String::strip).collect(Collectors.toSet());
    return switch (key) {
      case "skip" -> new LintConfig(all, rules, experimentalAll, experimental, failOnWarning);
      case "experimental" -> new LintConfig(skipAll, skipped, all, rules, failOnWarning);
      case "error" ->
          new LintConfig(
              skipAll,
              skipped,
              experimentalAll,
              experimental,
              BooleanText.parse(value)
                  .orElseThrow(
                      () ->
                          new DockerfileException(
                              "failed to parse check option \"%s\": strconv.ParseBool: parsing \"%s\": invalid syntax"
                                  .formatted(option, value))));
      default -> throw new DockerfileException("invalid check option \"" + key + "\"");
    };
  }

  /** Both configurations' rules; whether warnings fail the build stays as it is here. */
  public LintConfig mergedWith(LintConfig other) {
    return new LintConfig(
        skipAll || other.skipAll,
        union(skipped, other.skipped),
        experimentalAll || other.experimentalAll,
        union(experimental, other.experimental),
        failOnWarning);
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    return Stream.concat(a.stream(), b.stream()).collect(Collectors.toSet());
  }

  /** Whether the rule reports. */
  public boolean allows(LintRule rule) {
    return rule.experimental()
        ? experimentalAll || experimental.contains(rule.ruleName())
        : !skipAll && !skipped.contains(rule.ruleName());
  }
}
