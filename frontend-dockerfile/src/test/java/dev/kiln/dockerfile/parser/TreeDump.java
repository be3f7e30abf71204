package dev.kiln.dockerfile.parser;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import java.util.List;

/**
 * Shows a syntax tree as text: one block for each instruction, headed by its lines and its keyword.
 */
final class TreeDump {

  private final StringBuilder out = new StringBuilder();

  private TreeDump() {}

  static String of(String dockerfile) {
    TreeDump dump = new TreeDump();
    try {
      dump.add(DockerfileParser.parse(dockerfile));
    } catch (DockerfileException e) {
      e.locations().forEach(place -> dump.out.append(lines(place)).append(' '));
      dump.out.append("error: ").append(e.getMessage()).append('\n');
    }
    return dump.out.toString();
  }

  private void add(SyntaxTree tree) {
    if (tree.escapeToken() != '\\') {
      out.append("escape ").append(tree.escapeToken()).append('\n');
    }
    tree.nodes().forEach(node -> add(node, ""));
    tree.emptyContinuations()
        .forEach(place -> out.append(lines(place)).append(" empty continuation\n"));
  }

  private void add(Node node, String indent) {
    out.append(indent).append(lines(node.location())).append(' ').append(node.keyword());
    out.append('\n');
    String inner = indent + "  ";
    node.comments().forEach(comment -> line(inner, "comment", quoted(comment)));
    node.flags().forEach(flag -> line(inner, "flag", quoted(flag)));
    add(node.arguments(), inner);
    node.heredocs().forEach(heredoc -> add(heredoc, inner));
  }

  private void add(Arguments arguments, String indent) {
    switch (arguments) {
      case Arguments.Text text -> line(indent, "text", quoted(text.value()));
      case Arguments.Words words -> list(indent, "words", words.values());
      case Arguments.Json json -> list(indent, "json", json.values());
      case Arguments.Pairs pairs ->
          pairs
              .values()
              .forEach(
                  pair ->
                      line(
                          indent,
                          pair.legacy() ? "legacy pair" : "pair",
                          quoted(pair.key()) + " " + quoted(pair.value())));
      case Arguments.Nested nested -> add(nested.node(), indent);
      case Arguments.Check check -> {
        line(indent, "check", quoted(check.type()));
        add(check.command(), indent);
      }
    }
  }

  private void list(String indent, String name, List<String> values) {
    line(indent, name, String.join(" ", values.stream().map(value -> quoted(value)).toList()));
  }

  private void add(Heredoc heredoc, String indent) {
    String marks =
        (heredoc.fileDescriptor() == 0 ? "" : " to " + heredoc.fileDescriptor())
            + (heredoc.expand() ? " expanding" : "")
            + (heredoc.chomp() ? " chomping" : "");
    line(indent, "heredoc", quoted(heredoc.name()) + marks);
    heredoc
        .content()
        .lines()
        .forEach(text -> out.append(indent).append("| ").append(text).append('\n'));
  }

  private void line(String indent, String name, String value) {
    out.append(indent).append(name).append(value.isEmpty() ? "" : " ").append(value).append('\n');
  }

  private static String lines(Location place) {
    return place.startLine() == place.endLine()
        ? "[" + place.startLine() + "]"
        : "[" + place.startLine() + "-" + place.endLine() + "]";
  }
}
