package dev.kiln.executor.process;

import dev.kiln.snapshotter.linux.CFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The x32 call table of amd64 kernels, which hardly any kernel has. */
public final class X32 {
  private static final long X32_GETPID = 0x4000_0000L + 39;

  private X32() {}

  /**
   * Whether the kernel has the table. Asked by calling it, unless this process is under a system
   * call filter, which might end it for that: then the answer is yes.
   */
  public static boolean supported() {
    try {
      boolean filtered =
          Files.readAllLines(Path.of("/proc/self/status")).stream()
              .anyMatch(line -> line.startsWith("Seccomp:") && !line.endsWith("\t0"));
      if (filtered) {
        return true;
      }
      CFunction syscall = CFunction.givingLong("syscall", 1);
      Native.call("x32 getpid", (a, s) -> syscall.call(s, X32_GETPID));
      return true;
    } catch (Native.CallException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
