package dev.kiln.dockerfile.parser;

import dev.kiln.dockerfile.text.Blank;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parses a Dockerfile's text, in time linear in its length. Each call has its own parser.
 *
 * <p>A backslash (or the token that the {@code escape} directive names) at a line's end continues
 * the line. Inside a continued instruction, comment lines and empty lines are skipped.
 */
public final class DockerfileParser {

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Lines lines;
  private final DirectiveParser directives = new DirectiveParser("#", 0);
  private final List<Node> nodes = new ArrayList<>();
  private final List<Location> emptyContinuations = new ArrayList<>();
  private final List<String> comments = new ArrayList<>();
  private char escapeToken = '\\';

  private DockerfileParser(String text) {
    this.lines = new Lines(text);
  }

  /**
   * Parses UTF-8 text.
   *
   * @throws DockerfileException if the text is not a Dockerfile
   */
  public static SyntaxTree parse(byte[] text) {
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  /**
   * Parses text.
   *
   * @throws DockerfileException if the text is not a Dockerfile
   */
  public static SyntaxTree parse(String text) {
    boolean marked = text.startsWith(BYTE_ORDER_MARK);
    return new DockerfileParser(marked ? text.substring(1) : text).parse();
  }

  private SyntaxTree parse() {
    while (lines.hasNext()) {
      String line = Blank.trimLeft(Lines.withoutLineEnd(lines.next()));
      if (line.startsWith("#")) {
        readComment(line);
        continue;
      }
      directives.next(line);
      if (!line.isEmpty()) {
        readInstruction(line);
      }
    }
    if (nodes.isEmpty()) {
      throw new DockerfileException(
          "file with no instructions", Location.line(Math.max(1, lines.number())));
    }
    return new SyntaxTree(nodes, escapeToken, emptyContinuations);
  }

  private void readComment(String line) {
    Optional<Directive> directive = directives.next(line);
    if (directive.isPresent()) {
      readDirective(directive.get());
      return;
    }
    String comment = Blank.trim(line.substring(1));
    if (comment.isEmpty()) {
      comments.clear();
    } else {
      comments.add(comment);
    }
  }

  private void readDirective(Directive directive) {
    if (!directive.name().equals("escape")) {
      return;
    }
    if (!directive.value().equals("\\") && !directive.value().equals("`")) {
      throw new DockerfileException(
          "invalid escape token '" + directive.value() + "' does not match ` or \\",
          directive.location());
    }
    escapeToken = directive.value().charAt(0);
  }

  private void readInstruction(String firstLine) {
    int start = lines.number();
    String line = joinContinued(firstLine);
    Location head = new Location(start, lines.number());
    NodeReader reader = new NodeReader(escapeToken);
    Node node;
    try {
      node = reader.read(line, head, comments);
    } catch (DockerfileException e) {
      throw e.atIfUnknown(head);
    }
    nodes.add(withHeredocs(node, start));
    comments.clear();
  }

  private String joinContinued(String firstLine) {
    int end = continuationEnd(firstLine);
    if (end < 0) {
      return firstLine;
    }
    StringBuilder joined = new StringBuilder(firstLine.substring(0, end));
    boolean sawEmptyLine = false;
    while (end >= 0 && lines.hasNext()) {
      String line = Lines.withoutLineEnd(lines.next());
      String trimmed = Blank.trimLeft(line);
      if (trimmed.startsWith("#")) {
        continue;
      }
      if (trimmed.isEmpty()) {
        sawEmptyLine = true;
        continue;
      }
      end = continuationEnd(line);
      joined.append(line, 0, end < 0 ? line.length() : end);
    }
    if (sawEmptyLine) {
      emptyContinuations.add(Location.line(lines.number()));
    }
    return joined.toString();
  }

  /**
   * Where the line's text ends if an escape token at its end continues it, else -1. A token behind
   * another one is escaped and continues nothing.
   */
  private int continuationEnd(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
      end--;
    }
    boolean token = end > 0 && line.charAt(end - 1) == escapeToken;
    boolean escaped = end > 1 && line.charAt(end - 2) == escapeToken;
    return token && !escaped ? end - 1 : -1;
  }

  private Node withHeredocs(Node node, int start) {
    List<Heredoc> heredocs = new ArrayList<>();
    if (NodeReader.takesHeredocs(node) && node.original().contains("<<")) {
      for (Heredoc heredoc : HeredocMark.find(node.original())) {
        heredocs.add(heredoc.withContent(readHeredoc(heredoc, start)));
      }
    }
    return new Node(
        node.keyword(),
        node.flags(),
        node.arguments(),
        heredocs,
        node.original(),
        new Location(start, lines.number()),
        node.comments());
  }

  private String readHeredoc(Heredoc heredoc, int start) {
    StringBuilder content = new StringBuilder();
    while (lines.hasNext()) {
      String line = lines.next();
      String end = Lines.withoutLineEnd(line);
      if (end.endsWith(heredoc.name())
          && (heredoc.chomp() ? withoutTabs(end) : end).equals(heredoc.name())) {
        return content.toString();
      }
      content.append(line);
    }
    throw new DockerfileException("unterminated heredoc", new Location(start, lines.number()));
  }

  private static String withoutTabs(String line) {
    int start = 0;
    while (start < line.length() && line.charAt(start) == '\t') {
      start++;
    }
    return line.substring(start);
  }
}
