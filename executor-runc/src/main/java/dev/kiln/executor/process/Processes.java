package dev.kiln.executor.process;

import static dev.kiln.executor.process.Native.INT;

import java.lang.invoke.MethodHandle;

/** Processes that are not our children. */
public final class Processes {
  private static final MethodHandle KILL = Native.bind("kill", INT, INT, INT);
  private static final int SIGKILL = 9;

  private Processes() {}

  /** Kills a process; does nothing when there is none. */
  public static void kill(int pid) {
    if (pid <= 1) {
      throw new IllegalArgumentException("pid " + pid + " is not one process of ours");
    }
    try {
      Native.call("kill", (a, s) -> (int) KILL.invokeExact(s, pid, SIGKILL));
    } catch (Native.CallException e) {
      // It has ended.
    }
  }
}
