package dev.kiln.compare;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a case came out.
 *
 * @param reasons of the case, by part
 */
record Verdict(String name, List<Difference> differences, Map<Part, String> reasons) {
  private static final int SHOWN = 12;

  /** Differences that nobody wrote a reason for. */
  List<Difference> unexplained() {
    return differences.stream().filter(d -> !reasons.containsKey(d.part())).toList();
  }

  boolean same() {
    return differences.isEmpty();
  }

  /** Parts that have a reason although they do not differ. */
  private Set<Part> idle() {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    parts.addAll(reasons.keySet());
    differences.forEach(d -> parts.remove(d.part()));
    return parts;
  }

  /** A line, and one more for each difference or reason. */
  String text() {
    String idle =
        idle().stream()
            .map(part -> "\n    " + part.word() + " has a reason but does not differ")
            .collect(Collectors.joining());
    if (same()) {
      return "same      " + name + idle;
    }
    if (unexplained().isEmpty()) {
      String parts =
          differences.stream()
              .map(Difference::part)
              .distinct()
              .map(part -> "\n    " + part.word() + ": " + reasons.get(part))
              .collect(Collectors.joining());
      return "explained " + name + parts + idle;
    }
    String texts =
        unexplained().stream()
            .limit(SHOWN)
            .map(d -> "\n    " + d.part().word() + ": " + d.text())
            .collect(Collectors.joining());
    int more = unexplained().size() - SHOWN;
    return "DIFFERS   " + name + texts + (more > 0 ? "\n    and " + more + " more" : "") + idle;
  }
}
