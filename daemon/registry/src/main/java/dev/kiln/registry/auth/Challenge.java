package dev.kiln.registry.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registry asks for with 401: RFC 9110, 11.6.1 (WWW-Authenticate).
 *
 * @param scheme in lower case: {@code bearer} or {@code basic}
 * @param parameters by lower-case name
 */
public record Challenge(String scheme, Map<String, String> parameters) {
  static final String BEARER = "bearer";
  static final String BASIC = "basic";

  public Challenge {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter, or the empty string. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /**
   * Reads the challenges of all WWW-Authenticate lines, in their order; what cannot be read is left
   * out.
   */
  public static List<Challenge> parse(List<String> headerValues) {
    List<Challenge> challenges = new ArrayList<>();
    for (String value : headerValues) {
      new Scanner(value).readInto(challenges);
    }
    return challenges;
  }

  /** Reads {@code scheme name=value, name="quoted", scheme2 …}. */
  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    void readInto(List<Challenge> out) {
      String word = token();
      while (!word.isEmpty()) {
        Map<String, String> parameters = new TreeMap<>();
        String next = parameters(parameters);
        out.add(new Challenge(word.toLowerCase(Locale.ROOT), parameters));
        word = next;
      }
    }

    /** Reads parameters up to the next scheme, whose name it returns; empty at the end. */
    private String parameters(Map<String, String> into) {
      while (true) {
        skip(" \t,");
        String name = token();
        if (name.isEmpty()) {
          return "";
        }
        skip(" \t");
        if (at >= text.length() || text.charAt(at) != '=') {
          return name;
        }
        at++;
        skip(" \t");
        into.put(name.toLowerCase(Locale.ROOT), value());
      }
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        int start = at;
        while (at < text.length() && " \t,".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        return text.substring(start, at);
      }
      StringBuilder out = new StringBuilder();
      for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        out.append(text.charAt(at));
      }
      at++;
      return out.toString();
    }

    private String token() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
