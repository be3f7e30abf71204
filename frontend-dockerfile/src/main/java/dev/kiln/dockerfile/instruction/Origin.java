package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.parser.Location;
import java.util.List;

/**
 * Where an instruction comes from.
 *
 * @param keyword the instruction's word as written, such as {@code COPY}
 * @param code the instruction's text on one line, trimmed, here-documents left out
 * @param location first to last line
 * @param comments comment lines directly above, without their marks
 */
public record Origin(String keyword, String code, Location location, List<String> comments) {

  public Origin {
    comments = List.copyOf(comments);
  }

  /** The description that a comment {@code # name description} gives to the name, or empty. */
  String descriptionOf(String name) {
    if (name.isEmpty()) {
      return "";
    }
    return comments.stream()
        .filter(line -> line.startsWith(name + " "))
        .findFirst()
        .map(line -> line.substring(name.length() + 1))
        .orElse("");
  }
}
