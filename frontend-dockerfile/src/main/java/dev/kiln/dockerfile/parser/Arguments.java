package dev.kiln.dockerfile.parser;

import java.util.List;

/** What follows an instruction's keyword and flags, in the shape that the keyword asks for. */
public sealed interface Arguments {

  /** One text, kept as written (RUN in shell form, WORKDIR, USER). */
  record Text(String value) implements Arguments {}

  /** Words separated by white space (FROM, EXPOSE, COPY). */
  record Words(List<String> values) implements Arguments {
    public Words {
      values = List.copyOf(values);
    }
  }

  /** A JSON array of strings, the exec form. */
  record Json(List<String> values) implements Arguments {
    public Json {
      values = List.copyOf(values);
    }
  }

  /** Keys and values (ENV, LABEL), quotes and escapes kept. */
  record Pairs(List<Pair> values) implements Arguments {
    public Pairs {
      values = List.copyOf(values);
    }
  }

  /** The instruction behind ONBUILD. */
  record Nested(Node node) implements Arguments {}

  /** HEALTHCHECK's type word and what follows it. */
  record Check(String type, Arguments command) implements Arguments {}

  /**
   * One key and its value.
   *
   * @param legacy true for the form {@code key value}, without an equals sign
   */
  record Pair(String key, String value, boolean legacy) {}

  /** Nothing follows. */
  static Arguments none() {
    return new Words(List.of());
  }

  /** True for the exec form. */
  default boolean isJson() {
    return switch (this) {
      case Json json -> true;
      case Check check -> check.command().isJson();
      case Text text -> false;
      case Words words -> false;
      case Pairs pairs -> false;
      case Nested nested -> false;
    };
  }

  /** The arguments as a flat list of words; keys and values of pairs alternate. */
  default List<String> flat() {
    return switch (this) {
      case Text text -> List.of(text.value());
      case Words words -> words.values();
      case Json json -> json.values();
      case Pairs pairs ->
          pairs.values().stream()
              .<String>mapMulti(
                  (pair, out) -> {
                    out.accept(pair.key());
                    out.accept(pair.value());
                  })
              .toList();
      case Nested nested -> prepend(nested.node().keyword(), nested.node().arguments().flat());
      case Check check -> prepend(check.type(), check.command().flat());
    };
  }

  private static List<String> prepend(String first, List<String> rest) {
    var all = new java.util.ArrayList<String>(rest.size() + 1);
    all.add(first);
    all.addAll(rest);
    return all;
  }
}
