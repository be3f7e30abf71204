package dev.kiln.dockerfile.lint;

import dev.kiln.dockerfile.parser.Location;

/**
 * A rule that was violated.
 *
 * @param message what is wrong, without rule name and line
 */
public record LintWarning(LintRule rule, String message, Location location) {

  /** The one-line form that clients show: {@code Rule: message (line n)}. */
  public String shortText() {
    String text = rule.ruleName() + ": " + message;
    return location.startLine() > 0 ? text + " (line " + location.startLine() + ")" : text;
  }
}
