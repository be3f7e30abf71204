package dev.kiln.cli.progress;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** Asks the kernel about the terminal behind a descriptor. Thread-safe. */
@SuppressWarnings("restricted") // the C library is the only one who knows
public final class Terminal {
  private static final long TIOCGWINSZ = 0x5413;
  private static final int WINSIZE_BYTES = 8;
  private static final Size DEFAULT = new Size(80, 10);

  private Terminal() {}

  /** How many characters fit. */
  public record Size(int columns, int rows) {}

  private static final class Calls {
    static final MethodHandle IOCTL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().find("ioctl").orElseThrow(),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
  }

  /** Whether a descriptor of this process is a terminal. */
  public static boolean isTerminal(int fd) {
    return ask(fd).isPresent();
  }

  /** The terminal's size, or a usual one if it does not say. */
  public static Size size(int fd) {
    return ask(fd).filter(size -> size.columns() > 0 && size.rows() > 0).orElse(DEFAULT);
  }

  private static Optional<Size> ask(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(WINSIZE_BYTES);
      int result = (int) Calls.IOCTL.invokeExact(fd, TIOCGWINSZ, size);
      return result < 0
          ? Optional.empty()
          : Optional.of(
              new Size(
                  Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2)),
                  Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 0))));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("could not call ioctl", e);
    }
  }
}
