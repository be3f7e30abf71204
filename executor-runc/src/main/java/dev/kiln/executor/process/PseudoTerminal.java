package dev.kiln.executor.process;

import static dev.kiln.executor.process.Native.INT;
import static dev.kiln.executor.process.Native.LONG;
import static dev.kiln.executor.process.Native.PTR;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * A pair of terminal ends: the controlling end for us, the device end for a child. Neither becomes
 * the terminal of the daemon itself, whose end would then be a hang-up.
 */
public final class PseudoTerminal implements AutoCloseable {
  private static final MethodHandle POSIX_OPENPT = Native.bind("posix_openpt", INT, INT);
  private static final MethodHandle GRANTPT = Native.bind("grantpt", INT, INT);
  private static final MethodHandle UNLOCKPT = Native.bind("unlockpt", INT, INT);
  private static final MethodHandle PTSNAME_R = Native.bind("ptsname_r", INT, INT, PTR, LONG);
  private static final MethodHandle OPEN = Native.bindVariadic("open", 2, INT, PTR, INT, INT);
  private static final MethodHandle IOCTL = Native.bindVariadic("ioctl", 2, INT, INT, LONG, PTR);

  private static final int O_RDWR = 2;
  private static final int O_NOCTTY = 0x100;
  private static final int O_CLOEXEC = 0x80000;
  private static final long TIOCSWINSZ = 0x5414;
  private static final int NAME_BYTES = 128;

  private final Descriptor controller;
  private final Descriptor device;

  private PseudoTerminal(Descriptor controller, Descriptor device) {
    this.controller = controller;
    this.device = device;
  }

  public static PseudoTerminal open() throws IOException {
    int flags = O_RDWR | O_NOCTTY | O_CLOEXEC;
    var controller =
        new Descriptor(
            (int) Native.call("posix_openpt", (a, s) -> (int) POSIX_OPENPT.invokeExact(s, flags)));
    try {
      int number = controller.number();
      Native.call("grantpt", (a, s) -> (int) GRANTPT.invokeExact(s, number));
      Native.call("unlockpt", (a, s) -> (int) UNLOCKPT.invokeExact(s, number));
      var device =
          new Descriptor(
              (int)
                  Native.call(
                      "open the terminal's device",
                      (a, s) -> {
                        MemorySegment name = a.allocate(NAME_BYTES);
                        int named = (int) PTSNAME_R.invokeExact(s, number, name, (long) NAME_BYTES);
                        return named != 0 ? -1 : (int) OPEN.invokeExact(s, name, flags, 0);
                      }));
      return new PseudoTerminal(controller, device);
    } catch (IOException e) {
      controller.close();
      throw e;
    }
  }

  /** Our end: what is written here is typed, what is read here was printed. */
  public Descriptor controller() {
    return controller;
  }

  /** The child's end; close it once the child has been started, so that its end is seen. */
  public Descriptor device() {
    return device;
  }

  /** Sets the size in characters; sizes over 65,535 are cut to it. */
  public void resize(int columns, int rows) throws IOException {
    Native.call(
        "set the terminal's size",
        (a, s) -> {
          MemorySegment size = a.allocate(8, 2);
          size.setAtIndex(ValueLayout.JAVA_SHORT, 0, cut(rows));
          size.setAtIndex(ValueLayout.JAVA_SHORT, 1, cut(columns));
          return (int) IOCTL.invokeExact(s, controller.number(), TIOCSWINSZ, size);
        });
  }

  private static short cut(int characters) {
    return (short) Math.clamp(characters, 0, 0xFFFF);
  }

  @Override
  public void close() {
    device.close();
    controller.close();
  }
}
