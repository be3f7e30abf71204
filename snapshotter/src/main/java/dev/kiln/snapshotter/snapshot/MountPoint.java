package dev.kiln.snapshotter.snapshot;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.MountCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Mounts that are in place at a path until closed. Closing twice does nothing the second time.
 * Needs the right to mount (CAP_SYS_ADMIN) unless {@link #open} finds a plain folder.
 */
public final class MountPoint implements AutoCloseable {
  private final Path path;
  private final int mounted;
  private final boolean removePath;
  private final AtomicBoolean closed = new AtomicBoolean();

  private MountPoint(Path path, int mounted, boolean removePath) {
    this.path = path;
    this.mounted = mounted;
    this.removePath = removePath;
  }

  /** Mounts all, in order, over an existing folder. What was mounted is undone on failure. */
  public static MountPoint at(List<Mount> mounts, Path target) throws IOException {
    int done = 0;
    try {
      for (Mount mount : mounts) {
        MountSyntax.mount(mount, target.toString());
        done++;
      }
    } catch (IOException e) {
      undo(target, done, e);
      throw e;
    }
    return new MountPoint(target, done, false);
  }

  /** Mounts in a new folder below {@code parent}, which goes away when closed. */
  public static MountPoint temporary(List<Mount> mounts, Path parent) throws IOException {
    Path target = Files.createTempDirectory(parent, "mount");
    try {
      MountPoint point = at(mounts, target);
      return new MountPoint(target, point.mounted, true);
    } catch (IOException e) {
      Files.deleteIfExists(target);
      throw e;
    }
  }

  /**
   * The cheapest way to see the tree: a single bind mount is its source itself, anything else is
   * mounted as by {@link #temporary}. The caller must honour read-only mounts by not writing, and
   * must not put mounts of its own below.
   */
  public static MountPoint open(List<Mount> mounts, Path parent) throws IOException {
    if (mounts.size() == 1 && mounts.getFirst().isBind()) {
      return new MountPoint(Path.of(mounts.getFirst().source()), 0, false);
    }
    return temporary(mounts, parent);
  }

  /** The folder at which the tree is seen. */
  public Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    for (int i = 0; i < mounted; i++) {
      unmount(path.toString());
    }
    if (removePath) {
      Files.deleteIfExists(path);
    }
  }

  private static void undo(Path target, int done, IOException because) {
    for (int i = 0; i < done; i++) {
      try {
        unmount(target.toString());
      } catch (IOException e) {
        because.addSuppressed(e);
      }
    }
  }

  /** Unmounts; a busy mount is detached and ends when its last user does. */
  static void unmount(String target) throws IOException {
    try {
      MountCalls.unmount(target, MountCalls.UMOUNT_NOFOLLOW);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EBUSY) {
        throw e;
      }
      MountCalls.unmount(target, MountCalls.UMOUNT_NOFOLLOW | MountCalls.MNT_DETACH);
    }
  }

  /**
   * Unmounts everything at or below a folder that a former process left, deepest first.
   *
   * @return the paths that were unmounted
   */
  public static List<String> unmountAllBelow(Path folder) throws IOException {
    String prefix = folder.toRealPath().toString();
    List<String> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String target = MountSyntax.unescape(line.split(" ", 6)[4]);
      if (target.equals(prefix) || target.startsWith(prefix + "/")) {
        found.add(target);
      }
    }
    for (String target : found.reversed()) {
      unmount(target);
    }
    return found.reversed();
  }
}
