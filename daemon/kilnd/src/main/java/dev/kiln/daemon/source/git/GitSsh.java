package dev.kiln.daemon.source.git;

/**
 * What git has when it reaches a remote over SSH: only what the client lends, never the keys or the
 * known hosts of the daemon's own user. Immutable.
 *
 * @param agentSocket of an agent; empty for none
 * @param knownHosts a file, the only one whose host keys are accepted; empty to accept any host key
 */
record GitSsh(String agentSocket, String knownHosts) {
  /** Nothing is lent. */
  static final GitSsh NONE = new GitSsh("", "");

  private static final String ISOLATED =
      "ssh -F /dev/null -o BatchMode=yes -o IdentityFile=none -o GlobalKnownHostsFile=/dev/null";

  /** The text of {@code GIT_SSH_COMMAND}, which git hands to a shell. */
  String command() {
    if (knownHosts.isEmpty()) {
      return ISOLATED + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null";
    }
    String quoted = "'" + knownHosts.replace("'", "'\\''") + "'";
    return ISOLATED
        + " -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o UserKnownHostsFile='\"'"
        + quoted
        + "'\"'";
  }
}
