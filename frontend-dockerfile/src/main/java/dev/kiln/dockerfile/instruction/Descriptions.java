package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import java.util.List;

/** Checks that the comment above a definition describes it: {@code # name description}. */
final class Descriptions {

  private Descriptions() {}

  static void check(String keyword, List<String> names, Origin origin, LintReporter lint) {
    if (origin.comments().isEmpty()) {
      return;
    }
    String comment = origin.comments().getLast();
    int space = comment.indexOf(' ');
    if (names.contains(space < 0 ? comment : comment.substring(0, space))) {
      return;
    }
    String example = names.size() > 1 ? "<arg_key>" : names.getFirst();
    lint.report(LintFinding.invalidDefinitionDescription(keyword, example), origin.location());
  }
}
