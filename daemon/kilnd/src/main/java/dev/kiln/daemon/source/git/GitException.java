package dev.kiln.daemon.source.git;

import java.io.IOException;

/** Git ended with an error. */
final class GitException extends IOException {
  private final String output;

  GitException(String output, int status) {
    super("git stderr:\n" + output + ": exit status " + status + advice(output));
    this.output = output;
  }

  /** What helps when a server refuses, which git says in words for people at a terminal. */
  private static String advice(String output) {
    if (output.contains("could not read Username")) {
      return "; the server wants a login: give the build a token with"
          + " --secret id=GIT_AUTH_TOKEN, and check it if there is one";
    }
    if (output.contains("Permission denied (publickey")) {
      return "; the server accepts no key of the SSH agent: add one to the agent that --ssh names";
    }
    if (output.contains("Host key verification failed")) {
      return "; the server's host key is not among the known hosts that came with the request";
    }
    return "";
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
