package dev.kiln.dockerfile.lint;

import dev.kiln.dockerfile.parser.Directive;
import dev.kiln.dockerfile.parser.DirectiveParser;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Passes on the findings that the configuration lets through, and remembers which rules were
 * violated. Thread-safe if its sink is.
 */
public final class LintReporter {

  private final LintConfig config;
  private final LintSink sink;
  private final Set<String> violated;

  public LintReporter(LintConfig config, LintSink sink) {
    this(config, sink, new ConcurrentSkipListSet<>());
  }

  private LintReporter(LintConfig config, LintSink sink, Set<String> violated) {
    this.config = config;
    this.sink = sink;
    this.violated = violated;
  }

  /** A reporter that reports nothing. */
  public static LintReporter silent() {
    return new LintReporter(new LintConfig(true, Set.of(), false, Set.of(), false), warning -> {});
  }

  /** Reports the finding unless its rule is off. */
  public void report(LintFinding finding, Location location) {
    if (!config.allows(finding.rule())) {
      return;
    }
    violated.add(finding.rule().ruleName());
    sink.warn(new LintWarning(finding.rule(), finding.message(), location));
  }

  /**
   * A reporter for one instruction: a {@code check=...} comment directly above it adds to the
   * configuration. Violations still count here.
   */
  public LintReporter withComments(List<String> comments) {
    for (String comment : comments) {
      Optional<Directive> directive =
          DirectiveParser.parseUnmarked(comment).filter(d -> d.name().equals("check"));
      if (directive.isPresent()) {
        return merged(directive.get().firstWord());
      }
    }
    return this;
  }

  private LintReporter merged(String options) {
    try {
      return new LintReporter(config.mergedWith(LintConfig.parse(options)), sink, violated);
    } catch (DockerfileException malformed) {
      return this; // A comment is not a directive: what it says wrongly is only a comment.
    }
  }

  /**
   * Ends the check.
   *
   * @throws DockerfileException if a rule was violated and the configuration makes that an error
   */
  public void failIfAsked() {
    if (config.failOnWarning() && !violated.isEmpty()) {
      throw new DockerfileException(
          "lint violation found for rules: " + String.join(", ", violated));
    }
  }
}
