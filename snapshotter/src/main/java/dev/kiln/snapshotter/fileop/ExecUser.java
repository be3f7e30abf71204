package dev.kiln.snapshotter.fileop;

import java.util.List;

/**
 * The user that a process runs as.
 *
 * @param supplementaryGroups further groups, without the primary one unless it is listed
 * @param home the home directory in the password file, empty when not known
 */
public record ExecUser(int uid, int gid, List<Integer> supplementaryGroups, String home) {
  /** Copies the list. */
  public ExecUser {
    supplementaryGroups = List.copyOf(supplementaryGroups);
  }
}
