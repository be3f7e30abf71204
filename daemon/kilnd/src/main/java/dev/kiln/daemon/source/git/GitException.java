package dev.kiln.daemon.source.git;

import java.io.IOException;

/** Git ended with an error. */
final class GitException extends IOException {
  private final String output;

  GitException(String output, int status) {
    super("git stderr:\n" + output + ": exit status " + status);
    this.output = output;
  }

  /** Whether the local copy of the refs contradicts the remote, so that only a new one helps. */
  boolean isStaleCopy() {
    boolean movedTag =
        output.contains("rejected") && output.contains("(would clobber existing tag)");
    boolean movedBranch =
        output.contains("some local refs could not be updated;")
            && (output.contains("(unable to update local ref)")
                || output.contains("refname conflict"));
    return movedTag || movedBranch;
  }
}
