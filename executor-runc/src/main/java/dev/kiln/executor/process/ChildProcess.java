package dev.kiln.executor.process;

import static dev.kiln.executor.process.Native.INT;

import dev.kiln.snapshotter.linux.CFunction;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A child started by posix_spawn(3): no copy of this process, no go-between. It leads a process
 * group of its own, has default signal handling, and only its three standard descriptors. Safe for
 * use by many threads.
 */
public final class ChildProcess {
  private static final CFunction POSIX_SPAWN = CFunction.givingInt("posix_spawn", 6);
  private static final CFunction ACTIONS_INIT =
      CFunction.givingInt("posix_spawn_file_actions_init", 1);
  private static final CFunction ACTIONS_DESTROY =
      CFunction.givingInt("posix_spawn_file_actions_destroy", 1);
  private static final CFunction ADD_DUP2 =
      CFunction.givingInt("posix_spawn_file_actions_adddup2", 3);
  private static final CFunction ADD_OPEN =
      CFunction.givingInt("posix_spawn_file_actions_addopen", 5);
  private static final CFunction ADD_CLOSE_FROM =
      CFunction.givingInt("posix_spawn_file_actions_addclosefrom_np", 2);
  private static final CFunction ATTR_INIT = CFunction.givingInt("posix_spawnattr_init", 1);
  private static final CFunction ATTR_DESTROY = CFunction.givingInt("posix_spawnattr_destroy", 1);
  private static final CFunction SET_FLAGS = CFunction.givingInt("posix_spawnattr_setflags", 2);
  private static final CFunction SET_SIGDEFAULT =
      CFunction.givingInt("posix_spawnattr_setsigdefault", 2);
  private static final CFunction SET_SIGMASK = CFunction.givingInt("posix_spawnattr_setsigmask", 2);
  private static final CFunction WAITID = CFunction.givingInt("waitid", 4);
  private static final CFunction WAITPID = CFunction.givingInt("waitpid", 3);
  private static final CFunction KILL = CFunction.givingInt("kill", 2);

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
          long errno =
              POSIX_SPAWN.call(
                  s,
                  pidCell.address(),
                  Native.text(a, program).address(),
                  actions.address(),
                  attributes.address(),
                  Native.texts(a, args).address(),
                  Native.texts(a, env).address());
          pid[0] = pidCell.get(INT, 0);
          discard(ACTIONS_DESTROY.call(s, actions.address()));
          discard(ATTR_DESTROY.call(s, attributes.address()));
          return errno;
        });
    var child = new ChildProcess(pid[0]);
    Background.run("kiln-wait-" + child.pid, child::reap);
    return child;
  }

  private static MemorySegment fileActions(Arena arena, MemorySegment state, Standard standard)
      throws Throwable {
    MemorySegment actions = arena.allocate(STRUCT_BYTES, 16);
    discard(ACTIONS_INIT.call(state, actions.address()));
    Descriptor[] wanted = {standard.input(), standard.output(), standard.error()};
    for (int i = 0; i < wanted.length; i++) {
      int target = i;
      if (wanted[i] == null) {
        MemorySegment path = Native.text(arena, "/dev/null");
        discard(ADD_OPEN.call(state, actions.address(), target, path.address(), O_RDWR, 0));
      } else {
        discard(ADD_DUP2.call(state, actions.address(), wanted[i].number(), target));
      }
    }
    discard(ADD_CLOSE_FROM.call(state, actions.address(), 3));
    return actions;
  }

  private static MemorySegment attributes(Arena arena, MemorySegment state) throws Throwable {
    MemorySegment attributes = arena.allocate(STRUCT_BYTES, 16);
    discard(ATTR_INIT.call(state, attributes.address()));
    MemorySegment all = arena.allocate(SIGSET_BYTES, 8).fill((byte) 0xFF);
    MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
    discard(SET_SIGDEFAULT.call(state, attributes.address(), all.address()));
    discard(SET_SIGMASK.call(state, attributes.address(), none.address()));
    discard(SET_FLAGS.call(state, attributes.address(), FLAGS));
    return attributes;
  }

  private static void discard(long result) {
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
      Native.call("kill", (a, s) -> KILL.call(s, pid, number));
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
              WAITID.call(s, P_PID, pid, a.allocate(SIGSET_BYTES, 8).address(), WEXITED | WNOWAIT));
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
          int result = (int) WAITPID.call(s, pid, cell.address(), 0);
          status[0] = cell.get(INT, 0);
          return result;
        });
    reaped = true;
    int signal = status[0] & 0x7F;
    return signal == 0 ? (status[0] >> 8) & 0xFF : 128 + signal;
  }
}
