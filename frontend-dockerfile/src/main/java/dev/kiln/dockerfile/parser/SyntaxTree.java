package dev.kiln.dockerfile.parser;

import java.util.List;

/**
 * A parsed Dockerfile.
 *
 * @param nodes instructions in order, at least one
 * @param escapeToken backslash, or backtick where a directive says so
 * @param emptyContinuations places where an empty line stands inside a continued instruction
 */
public record SyntaxTree(List<Node> nodes, char escapeToken, List<Location> emptyContinuations) {

  public SyntaxTree {
    nodes = List.copyOf(nodes);
    emptyContinuations = List.copyOf(emptyContinuations);
  }
}
