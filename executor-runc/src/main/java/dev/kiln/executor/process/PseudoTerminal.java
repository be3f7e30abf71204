package dev.kiln.executor.process;

import dev.kiln.snapshotter.linux.CFunction;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A pair of terminal ends: the controlling end for us, the device end for a child. Neither becomes
 * the terminal of the daemon itself, whose end would then be a hang-up.
 */
public final class PseudoTerminal implements AutoCloseable {
  private static final CFunction POSIX_OPENPT = CFunction.givingInt("posix_openpt", 1);
  private static final CFunction GRANTPT = CFunction.givingInt("grantpt", 1);
  private static final CFunction UNLOCKPT = CFunction.givingInt("unlockpt", 1);
  private static final CFunction PTSNAME_R = CFunction.givingInt("ptsname_r", 3);
  private static final CFunction OPEN = CFunction.givingInt("open", 3);
  private static final CFunction IOCTL = CFunction.givingInt("ioctl", 3);

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
        new Descriptor((int) Native.call("posix_openpt", (a, s) -> POSIX_OPENPT.call(s, flags)));
    try {
      int number = controller.number();
      Native.call("grantpt", (a, s) -> GRANTPT.call(s, number));
      Native.call("unlockpt", (a, s) -> UNLOCKPT.call(s, number));
      var device =
          new Descriptor(
              (int)
                  Native.call(
                      "open the terminal's device",
                      (a, s) -> {
                        MemorySegment name = a.allocate(NAME_BYTES);
                        int named = (int) PTSNAME_R.call(s, number, name.address(), NAME_BYTES);
                        return named != 0 ? -1 : OPEN.call(s, name.address(), flags, 0);
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
          return IOCTL.call(s, controller.number(), TIOCSWINSZ, size.address());
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
