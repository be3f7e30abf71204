package dev.kiln.daemon.policy;

import dev.kiln.wire.sourcepolicy.AttrConstraint;
import dev.kiln.wire.sourcepolicy.Selector;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Which sources a rule is about. Immutable. */
final class SourceSelector {
  private final Selector selector;

  SourceSelector(Selector selector) {
    this.selector = selector;
  }

  /**
   * Whether a source is meant.
   *
   * @throws PolicyException when the selector is malformed
   */
  boolean matches(String identifier, Map<String, String> attributes) throws PolicyException {
    for (AttrConstraint constraint : selector.getConstraintsList()) {
      if (!holds(constraint, attributes.getOrDefault(constraint.getKey(), ""))) {
        return false;
      }
    }
    if (selector.getIdentifier().equals(identifier)) {
      return true;
    }
    return switch (selector.getMatchType()) {
      case EXACT -> false;
      case REGEX -> pattern(selector.getIdentifier()).matcher(identifier).find();
      case WILDCARD -> wildcard().matcher(identifier).matches();
      case UNRECOGNIZED -> throw unknown();
    };
  }

  private static boolean holds(AttrConstraint constraint, String value) throws PolicyException {
    return switch (constraint.getCondition()) {
      case EQUAL -> value.equals(constraint.getValue());
      case NOTEQUAL -> !value.equals(constraint.getValue());
      case MATCHES -> pattern(constraint.getValue()).matcher(value).find();
      case UNRECOGNIZED ->
          throw new PolicyException("unknown attr condition: " + constraint.getConditionValue());
    };
  }

  private PolicyException unknown() {
    return new PolicyException("unknown match type: " + selector.getMatchTypeValue());
  }

  /**
   * What a matching identifier becomes.
   *
   * @param template with {@code $1} or {@code ${1}} for what a star or a group matched
   */
  String format(String identifier, String template) throws PolicyException {
    return switch (selector.getMatchType()) {
      case EXACT -> template;
      case REGEX -> GoExpand.replaceAll(pattern(selector.getIdentifier()), identifier, template);
      case WILDCARD -> {
        Matcher match = wildcard().matcher(identifier);
        yield match.matches() ? GoExpand.expand(template, match) : identifier;
      }
      case UNRECOGNIZED -> throw unknown();
    };
  }

  private Pattern wildcard() throws PolicyException {
    String text = selector.getIdentifier();
    if (text.contains("**")) {
      throw new PolicyException(
          "failed to translate wildcard \"" + text + "\" to regexp: invalid wildcard: \"**\"");
    }
    StringBuilder out = new StringBuilder();
    for (String part : text.split("\\*", -1)) {
      out.append(out.isEmpty() ? "" : "(.*)").append(Pattern.quote(part));
    }
    return Pattern.compile(out.toString());
  }

  private static Pattern pattern(String text) throws PolicyException {
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new PolicyException("invalid regex \"" + text + "\": " + e.getDescription(), e);
    }
  }
}
