package dev.kiln.dockerfile.shell;

import org.jspecify.annotations.Nullable;

/** One use of a variable in braces, from the opening brace to the closing one. */
final class Substitution {

  private final WordReader reader;
  private final Cursor cursor;

  Substitution(WordReader reader) {
    this.reader = reader;
    this.cursor = reader.cursor();
  }

  String read() {
    cursor.next();
    int first = cursor.peek();
    if (first == Cursor.END) {
      throw new ExpansionException("syntax error: missing '}'");
    }
    if (first == '{' || first == '}' || first == ':') {
      throw new ExpansionException("syntax error: bad substitution");
    }
    String name = reader.readName();
    int operator = cursor.next();
    return switch (operator) {
      case '}' -> plain(name);
      case ':' -> {
        int second = cursor.next();
        yield modified(name, second, true);
      }
      case '+', '-', '?', '#', '%' -> modified(name, operator, false);
      case '/' -> replaced(name);
      case Cursor.END -> throw new ExpansionException("syntax error: missing '}'");
      default -> throw unsupported(Character.toString(operator));
    };
  }

  private String plain(String name) {
    String value = reader.lookUp(name);
    if (value == null) {
      return reader.keepUnset() ? "${" + name + "}" : "";
    }
    return value;
  }

  private String modified(String name, int operator, boolean emptyIsUnset) {
    boolean pattern = operator == '#' || operator == '%';
    String symbol =
        (emptyIsUnset ? ":" : "") + (operator == Cursor.END ? "" : Character.toString(operator));
    if (emptyIsUnset && pattern) {
      throw unsupported(symbol);
    }
    String word = readUntil('}', pattern, "syntax error: missing '}'");
    String value = reader.lookUp(name);
    if (value == null && reader.keepUnset()) {
      return "${" + name + symbol + word + "}";
    }
    boolean absent = value == null || (emptyIsUnset && value.isEmpty());
    String present = value == null ? "" : value;
    return switch (operator) {
      case '-' -> absent ? word : present;
      case '+' -> absent ? "" : word;
      case '?' -> absent ? fail(name, word, value) : present;
      case '#', '%' -> trimmed(present, word, operator);
      default -> throw unsupported(symbol);
    };
  }

  private static String fail(String name, String word, @Nullable String value) {
    String reason = value == null ? "is not allowed to be unset" : "is not allowed to be empty";
    throw new ExpansionException(name + ": " + (word.isEmpty() ? reason : word));
  }

  private static String trimmed(String value, String word, int operator) {
    boolean longest = !word.isEmpty() && word.charAt(0) == operator;
    ShellPattern pattern = ShellPattern.parse(longest ? word.substring(1) : word);
    return operator == '#'
        ? pattern.withoutPrefix(value, longest)
        : pattern.withoutSuffix(value, longest);
  }

  private String replaced(String name) {
    boolean all = cursor.peek() == '/';
    if (all) {
      cursor.next();
    }
    String pattern = readUntil('/', true, "syntax error: missing '/' in ${}");
    String replacement = readUntil('}', true, "syntax error: missing '}'");
    String value = reader.lookUp(name);
    if (value == null && reader.keepUnset()) {
      return "${" + name + (all ? "//" : "/") + pattern + "/" + replacement + "}";
    }
    return ShellPattern.parse(pattern).replace(value == null ? "" : value, replacement, all);
  }

  private String readUntil(char stop, boolean keepEscapes, String missing) {
    try {
      return reader.readUntil(stop, keepEscapes);
    } catch (ExpansionException e) {
      throw cursor.atEnd() ? new ExpansionException(missing, e) : e;
    }
  }

  private static ExpansionException unsupported(String symbol) {
    return new ExpansionException("unsupported modifier (" + symbol + ") in substitution");
  }
}
