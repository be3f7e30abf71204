package dev.kiln.dockerfile.parser;

import java.util.Optional;

/** Looks up parser directives in a file that need not be a Dockerfile. */
public final class Directives {

  private Directives() {}

  /**
   * The {@code syntax} directive. Besides {@code # syntax=...} it is found as {@code // syntax=...}
   * and as the key of a JSON document, and behind a first line that starts with {@code #!}.
   */
  public static Optional<Directive> syntax(byte[] text) {
    return Optional.empty();
  }

  /** The directive of that name in the form {@code # name=value} only. */
  public static Optional<Directive> find(String name, byte[] text) {
    return Optional.empty();
  }
}
