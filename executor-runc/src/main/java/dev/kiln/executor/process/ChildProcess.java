package dev.kiln.executor.process;

import static dev.kiln.executor.process.Native.INT;
import static dev.kiln.executor.process.Native.PTR;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child started by posix_spawn(3): no copy of this process, no go-between. It leads a process
 * group of its own, has default signal handling, and only its three standard descriptors. Safe for
 * use by many threads.
 */
public final class ChildProcess {
  private static final MethodHandle POSIX_SPAWN =
      Native.bind("posix_spawn", INT, PTR, PTR, PTR, PTR, PTR, PTR);
  private static final MethodHandle ACTIONS_INIT =
      Native.bind("posix_spawn_file_actions_init", INT, PTR);
  private static final MethodHandle ACTIONS_DESTROY =
      Native.bind("posix_spawn_file_actions_destroy", INT, PTR);
  private static final MethodHandle ADD_DUP2 =
      Native.bind("posix_spawn_file_actions_adddup2", INT, PTR, INT, INT);
  private static final MethodHandle ADD_OPEN =
      Native.bind("posix_spawn_file_actions_addopen", INT, PTR, INT, PTR, INT, INT);
  private static final MethodHandle ADD_CLOSE_FROM =
      Native.bind("posix_spawn_file_actions_addclosefrom_np", INT, PTR, INT);
  private static final MethodHandle ATTR_INIT = Native.bind("posix_spawnattr_init", INT, PTR);
  private static final MethodHandle ATTR_DESTROY = Native.bind("posix_spawnattr_destroy", INT, PTR);
  private static final MethodHandle SET_FLAGS =
      Native.bind("posix_spawnattr_setflags", INT, PTR, ValueLayout.JAVA_SHORT);
  private static final MethodHandle SET_SIGDEFAULT =
      Native.bind("posix_spawnattr_setsigdefault", INT, PTR, PTR);
  private static final MethodHandle SET_SIGMASK =
      Native.bind("posix_spawnattr_setsigmask", INT, PTR, PTR);
  private static final MethodHandle WAITID = Native.bind("waitid", INT, INT, INT, PTR, INT);
  private static final MethodHandle WAITPID = Native.bind("waitpid", INT, INT, PTR, INT);
  private static final MethodHandle KILL = Native.bind("kill", INT, INT, INT);

  private static final int STRUCT_BYTES = 1024; // more than any C library's attribute structures
  private static final int SIGSET_BYTES = 128;
  private static final int FLAGS = 0x02 | 0x04 | 0x08; // SETPGROUP, SETSIGDEF, SETSIGMASK
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOWAIT = 0x01000000;
  private static final int O_RDWR = 2;

  private final int pid;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private boolean reaped;

  private ChildProcess(int pid) {
    this.pid = pid;
  }

  /** What a child's three standard descriptors are; null is /dev/null. */
  public record Standard(
      @Nullable Descriptor input, @Nullable Descriptor output, @Nullable Descriptor error) {}

  /**
   * Starts a program.
   *
   * @param program absolute path
   * @param args the program's name as it sees it, then its arguments
   * @param env variables as {@code NAME=value}
   * @throws IOException the program could not be started
   */
  public static ChildProcess start(
      String program, List<String> args, List<String> env, Standard standard) throws IOException {
    int[] pid = new int[1];
    Native.callReturningErrno(
        "could not start " + program,
        (a, s) -> {
          MemorySegment actions = fileActions(a, s, standard);
          MemorySegment attributes = attributes(a, s);
          MemorySegment pidCell = a.allocate(INT);
          int errno =
              (int)
                  POSIX_SPAWN.invokeExact(
                      s,
                      pidCell,
                      Native.text(a, program),
                      actions,
                      attributes,
                      Native.texts(a, args),
                      Native.texts(a, env));
          pid[0] = pidCell.get(INT, 0);
          discard((int) ACTIONS_DESTROY.invokeExact(s, actions));
          discard((int) ATTR_DESTROY.invokeExact(s, attributes));
          return errno;
        });
    var child = new ChildProcess(pid[0]);
    Background.run("kiln-wait-" + child.pid, child::reap);
    return child;
  }

  private static MemorySegment fileActions(Arena arena, MemorySegment state, Standard standard)
      throws Throwable {
    MemorySegment actions = arena.allocate(STRUCT_BYTES, 16);
    discard((int) ACTIONS_INIT.invokeExact(state, actions));
    Descriptor[] wanted = {standard.input(), standard.output(), standard.error()};
    for (int i = 0; i < wanted.length; i++) {
      int target = i;
      if (wanted[i] == null) {
        MemorySegment path = Native.text(arena, "/dev/null");
        discard((int) ADD_OPEN.invokeExact(state, actions, target, path, O_RDWR, 0));
      } else {
        discard((int) ADD_DUP2.invokeExact(state, actions, wanted[i].number(), target));
      }
    }
    discard((int) ADD_CLOSE_FROM.invokeExact(state, actions, 3));
    return actions;
  }

  private static MemorySegment attributes(Arena arena, MemorySegment state) throws Throwable {
    MemorySegment attributes = arena.allocate(STRUCT_BYTES, 16);
    discard((int) ATTR_INIT.invokeExact(state, attributes));
    MemorySegment all = arena.allocate(SIGSET_BYTES, 8).fill((byte) 0xFF);
    MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
    discard((int) SET_SIGDEFAULT.invokeExact(state, attributes, all));
    discard((int) SET_SIGMASK.invokeExact(state, attributes, none));
    discard((int) SET_FLAGS.invokeExact(state, attributes, (short) FLAGS));
    return attributes;
  }

  private static void discard(int result) {
    if (result != 0) {
      throw new IllegalStateException("posix_spawn's settings were refused: error " + result);
    }
  }

  public int pid() {
    return pid;
  }

  /** Completes when the child has ended: its exit code, or 128 plus the signal that ended it. */
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  /**
   * Sends a signal; does nothing once the child has ended.
   *
   * @param number as in signal(7)
   */
  public synchronized void signal(int number) {
    if (reaped) {
      return;
    }
    try {
      Native.call("kill", (a, s) -> (int) KILL.invokeExact(s, pid, number));
    } catch (Native.CallException e) {
      // It has just ended: there is nobody left to hear the signal.
    }
  }

  /** Waits without releasing the pid first, so that a signal never meets another process. */
  private void reap() {
    try {
      Native.call(
          "waitid",
          (a, s) ->
              (int)
                  WAITID.invokeExact(
                      s, P_PID, pid, a.allocate(SIGSET_BYTES, 8), WEXITED | WNOWAIT));
      exit.complete(collect());
    } catch (IOException | RuntimeException e) {
      exit.completeExceptionally(e);
    }
  }

  private synchronized int collect() throws IOException {
    int[] status = new int[1];
    Native.call(
        "waitpid",
        (a, s) -> {
          MemorySegment cell = a.allocate(INT);
          int result = (int) WAITPID.invokeExact(s, pid, cell, 0);
          status[0] = cell.get(INT, 0);
          return result;
        });
    reaped = true;
    int signal = status[0] & 0x7F;
    return signal == 0 ? (status[0] >> 8) & 0xFF : 128 + signal;
  }
}
