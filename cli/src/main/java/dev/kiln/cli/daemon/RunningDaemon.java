package dev.kiln.cli.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The process behind a Unix socket, found by what the kernel says of sockets and descriptors. */
public final class RunningDaemon {
  private static final Path SOCKETS = Path.of("/proc/net/unix");
  private static final String LISTENING = "00010000";
  private static final int FLAGS_FIELD = 3;
  private static final int INODE_FIELD = 6;
  private static final int PATH_FIELD = 7;
  private static final long END_S = 60;

  private RunningDaemon() {}

  /** The process that listens there, if this user may know it. */
  public static Optional<ProcessHandle> behind(Path socket) {
    try (Stream<String> lines = Files.lines(SOCKETS)) {
      List<String> inodes =
          lines
              .map(line -> line.trim().split("\\s+"))
              .filter(fields -> fields.length > PATH_FIELD)
              .filter(fields -> fields[FLAGS_FIELD].equals(LISTENING))
              .filter(fields -> fields[PATH_FIELD].equals(socket.toString()))
              .map(fields -> "socket:[" + fields[INODE_FIELD] + "]")
              .toList();
      return ProcessHandle.allProcesses().filter(p -> holds(p.pid(), inodes)).findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean holds(long pid, List<String> sockets) {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return descriptors.anyMatch(descriptor -> sockets.contains(target(descriptor)));
    } catch (IOException e) {
      // Somebody else's process, or one that has just ended.
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Stops the daemon behind a socket and waits until it has ended.
   *
   * @throws IOException if it cannot be found or does not end
   */
  public static void stop(Path socket) throws IOException {
    ProcessHandle process =
        behind(socket)
            .orElseThrow(
                () ->
                    new IOException(
                        "could not find the process that listens at "
                            + socket
                            + "; stop it as the user who started it"));
    boolean told = process.destroy();
    try {
      var _ = process.onExit().get(END_S, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IOException(
          "the daemon (process "
              + process.pid()
              + (told ? ") did not end within " + END_S + " s" : ") could not be told to end"),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the daemon was ending", e);
    }
  }
}
