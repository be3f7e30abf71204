package dev.kiln.daemon.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills what was matched into a template, by the rules of Go's {@code regexp.Expand}: {@code $1},
 * {@code ${1}}, {@code $name}, and {@code $$} for a dollar; a name goes as far as letters, digits
 * and underscores do, and an unknown one stands for nothing. Stateless.
 */
final class GoExpand {
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\$)|(\\w+)|\\{(\\w+)})");

  private GoExpand() {}

  /** The template with the groups of a match filled in. */
  static String expand(String template, Matcher match) {
    StringBuilder out = new StringBuilder();
    Matcher variable = VARIABLE.matcher(template);
    int done = 0;
    while (variable.find()) {
      out.append(template, done, variable.start());
      done = variable.end();
      String name = variable.group(2) == null ? variable.group(3) : variable.group(2);
      out.append(name == null ? "$" : group(match, name));
    }
    return out.append(template, done, template.length()).toString();
  }

  private static String group(Matcher match, String name) {
    String found = null;
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      int number = name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
      found = number <= match.groupCount() ? match.group(number) : null;
    } else if (match.namedGroups().containsKey(name)) {
      found = match.group(name);
    }
    return found == null ? "" : found;
  }

  /** Every match of the pattern in the text replaced by the template. */
  static String replaceAll(Pattern pattern, String text, String template) {
    StringBuilder out = new StringBuilder();
    Matcher match = pattern.matcher(text);
    int done = 0;
    while (match.find()) {
      out.append(text, done, match.start()).append(expand(template, match));
      done = match.end();
    }
    return out.append(text, done, text.length()).toString();
  }
}
