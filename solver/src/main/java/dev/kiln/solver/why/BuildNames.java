package dev.kiln.solver.why;

import dev.kiln.solver.Job;
import java.util.Set;

/** What explanations need to know of builds. Safe for use by many threads. */
public interface BuildNames {
  /** Tells nothing. */
  BuildNames NONE =
      new BuildNames() {
        @Override
        public String project(Job job) {
          return "";
        }

        @Override
        public Set<String> arguments(Job job) {
          return Set.of();
        }
      };

  /**
   * A text that is the same for all builds of one thing, and differs from others'; may be empty.
   */
  String project(Job job);

  /** Names of the variables that the build was given as arguments. */
  Set<String> arguments(Job job);
}
