package dev.kiln.solver.why;

import dev.kiln.solver.Sha256;

/**
 * One thing that a step's cache key depends on.
 *
 * @param name tells facts of a kind apart; empty where there is one only
 * @param value what is compared; long ones are cut, with the digest of the whole at the end
 * @param shown what people see of the value; empty if it is not to be shown
 */
record Fact(Kind kind, String name, String value, String shown) {
  /** Longer values are kept in part. */
  private static final int MAX_CHARS = 1024;

  /** What a fact is about; in the order in which differences are told, causes first. */
  enum Kind {
    COMMAND("command", true),
    ACTION("file action", true),
    ENVIRONMENT("environment variable", true),
    ARGUMENT("build argument", true),
    FOLDER("working directory", true),
    USER("user", true),
    MOUNT("mount", true),
    CACHE_MOUNT("cache mount", true),
    SECRET("secret", true),
    SETTING("setting", true),
    IMAGE("base image", false),
    SOURCE("source", false),
    FILES("files", false),
    INPUT("input", false);

    final String words;

    /** Whether it is about the step itself, not about what it stands on. */
    final boolean own;

    Kind(String words, boolean own) {
      this.words = words;
      this.own = own;
    }

    /** Build arguments are environment variables to the step: one may become the other. */
    Kind compared() {
      return this == ARGUMENT ? ENVIRONMENT : this;
    }
  }

  Fact {
    name = cut(name);
    value = cut(value);
    shown = cut(shown);
  }

  /** A fact whose value may be shown. */
  static Fact of(Kind kind, String name, String value) {
    return new Fact(kind, name, value, value);
  }

  /** A fact whose value is nobody's business; its digest is kept. */
  static Fact hidden(Kind kind, String name, String value) {
    return new Fact(kind, name, Sha256.of(value), "");
  }

  /** The identity by which facts of two steps are compared. */
  String key() {
    return kind.compared() + "\0" + name;
  }

  /** A text of bounded length that differs where the whole one does. */
  static String cut(String text) {
    return text.length() <= MAX_CHARS
        ? text
        : text.substring(0, MAX_CHARS) + "… (" + Sha256.of(text) + ")";
  }
}
