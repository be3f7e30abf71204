package dev.kiln.executor.process;

import dev.kiln.snapshotter.linux.CFunction;

/** Processes that are not our children. */
public final class Processes {
  private static final CFunction KILL = CFunction.givingInt("kill", 2);
  private static final int SIGKILL = 9;

  private Processes() {}

  /** Kills a process; does nothing when there is none. */
  public static void kill(int pid) {
    if (pid <= 1) {
      throw new IllegalArgumentException("pid " + pid + " is not one process of ours");
    }
    try {
      Native.call("kill", (a, s) -> KILL.call(s, pid, SIGKILL));
    } catch (Native.CallException e) {
      // It has ended.
    }
  }
}
