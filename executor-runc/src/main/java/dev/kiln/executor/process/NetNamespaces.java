package dev.kiln.executor.process;

import dev.kiln.snapshotter.linux.CFunction;
import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.MountCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Network namespaces that are kept alive by a file (network_namespaces(7)). */
public final class NetNamespaces {
  private static final CFunction UNSHARE = CFunction.givingInt("unshare", 1);
  private static final int CLONE_NEWNET = 0x40000000;

  private NetNamespaces() {}

  /**
   * Makes a namespace with nothing but a loopback interface that is down.
   *
   * @param file made, and stands for the namespace until {@link #remove}
   */
  public static void create(Path file) throws IOException {
    Files.createFile(file);
    var done = new CompletableFuture<Void>();
    // The thread leaves the daemon's network for good, so it is used for nothing else.
    Thread.ofPlatform()
        .daemon()
        .name("kiln-netns")
        .start(
            () -> {
              try {
                Native.call("unshare", (a, s) -> UNSHARE.call(s, CLONE_NEWNET));
                MountCalls.mount(
                    "/proc/thread-self/ns/net", file.toString(), "none", MountCalls.MS_BIND, "");
                done.complete(null);
              } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    try {
      done.join();
    } catch (CompletionException e) {
      Files.deleteIfExists(file);
      throw new IOException("could not make a network namespace", e.getCause());
    }
  }

  /** Lets the namespace go, and with it all its interfaces. */
  public static void remove(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try {
      MountCalls.unmount(file.toString(), MountCalls.MNT_DETACH);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EINVAL) {
        throw e;
      }
      // Not a mount: the namespace went with the machine's last start.
    }
    Files.deleteIfExists(file);
  }
}
