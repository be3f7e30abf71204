package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.llb.Paths;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import java.util.List;
import java.util.Set;

/** Reports sources that the ignore file keeps out of the context. */
final class IgnoredSources {

  private static final Set<String> EVERYTHING = Set.of("*", "**", "**/*");

  private final IgnorePatterns patterns;

  IgnoredSources(IgnorePatterns patterns) {
    this.patterns = patterns;
  }

  /**
   * Reports sources that do not come along.
   *
   * @param verb {@code Copy} or {@code Add}
   */
  void report(String verb, List<String> sources, Location location, LintReporter lint) {
    // With exceptions, only a walk could tell what of a directory comes along.
    if (patterns.isEmpty() || patterns.hasExceptions()) {
      return;
    }
    for (String source : sources) {
      String path = Paths.clean(source);
      boolean root = path.equals(".") || path.equals("/");
      if ((!root || ignoresEverything()) && patterns.matches(path)) {
        lint.report(LintFinding.copyIgnoredFile(verb, path), location);
      }
    }
  }

  private boolean ignoresEverything() {
    return patterns.patterns().stream().anyMatch(p -> EVERYTHING.contains(p.text()));
  }
}
