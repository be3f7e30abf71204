package dev.kiln.dockerfile.parser;

import java.util.List;
import java.util.Optional;

/** Turns one instruction's joined line into a node. */
final class NodeReader {

  /** ONBUILD inside ONBUILD is refused later; deeper nesting need not be read for that. */
  private static final int MAX_NESTING = 3;

  private final char escapeToken;
  private final ArgumentsReader arguments;

  NodeReader(char escapeToken) {
    this.escapeToken = escapeToken;
    this.arguments = new ArgumentsReader(escapeToken);
  }

  /**
   * Reads the line; an unknown keyword gives a node without arguments.
   *
   * @throws DockerfileException without a place, if the arguments are malformed
   */
  Node read(String line, Location location, List<String> comments) {
    return read(line, location, comments, 0);
  }

  private Node read(String line, Location location, List<String> comments, int nesting) {
    InstructionLine parts = InstructionLine.parse(line, escapeToken);
    Optional<Keyword> keyword = Keyword.of(parts.keyword());
    Arguments read =
        keyword
            .filter(known -> nesting < MAX_NESTING)
            .map(known -> readArguments(known, parts.rest(), location, nesting))
            .orElseGet(Arguments::none);
    return new Node(parts.keyword(), parts.flags(), read, List.of(), line, location, comments);
  }

  private Arguments readArguments(Keyword keyword, String rest, Location location, int nesting) {
    if (keyword != Keyword.ONBUILD) {
      return arguments.read(keyword, rest);
    }
    return rest.isEmpty()
        ? Arguments.none()
        : new Arguments.Nested(read(rest, location, List.of(), nesting + 1));
  }

  /** True if here-documents may follow the instruction, or the one behind its ONBUILD. */
  static boolean takesHeredocs(Node node) {
    Node inner = node.arguments() instanceof Arguments.Nested nested ? nested.node() : node;
    return Keyword.of(inner.keyword()).filter(Keyword::takesHeredocs).isPresent()
        && !inner.arguments().isJson();
  }
}
