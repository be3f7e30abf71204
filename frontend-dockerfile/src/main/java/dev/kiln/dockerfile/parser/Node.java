package dev.kiln.dockerfile.parser;

import java.util.List;

/**
 * One instruction of the syntax tree.
 *
 * @param keyword the instruction's word as written
 * @param flags words of the form {@code --name=value}, quotes and escapes removed
 * @param arguments what follows the flags
 * @param heredocs here-documents in order
 * @param original the instruction as one line: continuation lines joined, here-documents left out
 * @param location first to last line, here-documents included
 * @param comments comment lines directly above, without their marks
 */
public record Node(
    String keyword,
    List<String> flags,
    Arguments arguments,
    List<Heredoc> heredocs,
    String original,
    Location location,
    List<String> comments) {

  public Node {
    flags = List.copyOf(flags);
    heredocs = List.copyOf(heredocs);
    comments = List.copyOf(comments);
  }
}
