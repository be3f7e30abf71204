package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Opens folders below a root such that the kernel itself keeps every step, links included, inside
 * the root (openat2 with RESOLVE_IN_ROOT). Missing folders are made, like their counterparts in the
 * tree below where there is one. The folders used last stay open, so that the paths handed out last
 * stay valid. Not thread-safe.
 */
final class RootedFolders implements AutoCloseable {
  private static final int MAX_OPEN = 16;
  private static final int MAX_LINKS = 40;
  private static final int FLAGS = Fd.O_PATH | Fd.O_DIRECTORY;
  private static final long RESOLVE = Fd.RESOLVE_IN_ROOT | Fd.RESOLVE_NO_MAGICLINKS;

  private final Fd root;
  private final LowerTree lower;
  private final LinkedHashMap<String, Fd> open = new LinkedHashMap<>(16, 0.75f, true);

  /** The tree on which the root will be stacked. */
  interface LowerTree {
    /** The path of its mounted root, or null when there is none. Called when first needed. */
    @Nullable String mounted() throws IOException;
  }

  RootedFolders(String root, LowerTree lower) throws LinuxException {
    this.root = Fd.open(root, FLAGS, 0);
    this.lower = lower;
  }

  /** A path without empty, "." and ".." steps, nor slashes at its ends; "" is the root. */
  static String clean(String name) {
    Deque<String> steps = new ArrayDeque<>();
    for (String step : name.split("/", -1)) {
      if (step.equals("..")) {
        steps.pollLast();
      } else if (!step.isEmpty() && !step.equals(".")) {
        steps.addLast(step);
      }
    }
    return String.join("/", steps);
  }

  /** A path for system calls that names {@code base} in the folder, which is made if missing. */
  String make(String folder, String base) throws IOException {
    Fd fd = folder.isEmpty() ? root : cached(folder, true);
    return java.util.Objects.requireNonNull(fd).procPath() + "/" + base;
  }

  /** Like {@link #make}, but null when the folder is missing. */
  @Nullable String find(String folder, String base) throws IOException {
    Fd fd = folder.isEmpty() ? root : cached(folder, false);
    return fd == null ? null : fd.procPath() + "/" + base;
  }

  /** Must be called when a folder was removed or replaced. */
  void forget() {
    open.values().forEach(Fd::close);
    open.clear();
  }

  private @Nullable Fd cached(String folder, boolean make) throws IOException {
    Fd fd = open.get(folder);
    if (fd == null) {
      fd = openFolder(folder, make);
      if (fd != null) {
        if (open.size() == MAX_OPEN) {
          open.pollFirstEntry().getValue().close();
        }
        open.put(folder, fd);
      }
    }
    return fd;
  }

  private @Nullable Fd openFolder(String folder, boolean make) throws IOException {
    return openFolder(folder, make, 0);
  }

  private @Nullable Fd openFolder(String folder, boolean make, int links) throws IOException {
    try {
      return root.openBelow(folder.isEmpty() ? "." : folder, FLAGS, 0, RESOLVE);
    } catch (LinuxException e) {
      boolean missing = e.notFound();
      if (!missing || links > MAX_LINKS) {
        throw e;
      }
    }
    if (!make) {
      return null;
    }
    int slash = folder.lastIndexOf('/');
    String above = folder.substring(0, Math.max(0, slash));
    try (Fd parent = java.util.Objects.requireNonNull(openFolder(above, true, links))) {
      String path = parent.procPath() + "/" + folder.substring(slash + 1);
      FileStatus there = FileStatus.find(path);
      if (there != null && there.isSymlink()) {
        // A link to nowhere: what it points to, seen from the root, is made instead.
        String target = NodeCalls.readLink(path);
        return openFolder(
            clean(target.startsWith("/") ? target : above + "/" + target), true, links + 1);
      }
      if (there != null && there.isWhiteout()) {
        // The layer deleted the lower folder and now brings its own.
        NodeCalls.unlink(path);
        makePlain(path);
        XattrCalls.set(path, OverlayWhiteouts.OPAQUE, OverlayWhiteouts.YES);
      } else {
        makeLikeLower(path, folder);
      }
    }
    return root.openBelow(folder, FLAGS, 0, RESOLVE);
  }

  private static void makePlain(String path) throws IOException {
    NodeCalls.makeDirectory(path, 0755);
    NodeCalls.setPermissions(path, 0755);
  }

  private void makeLikeLower(String path, String folder) throws IOException {
    makePlain(path);
    String below = lower.mounted();
    if (below == null) {
      return;
    }
    try (Fd tree = Fd.directory(below);
        Fd same = tree.openBelow(folder, FLAGS, 0, RESOLVE | Fd.RESOLVE_NO_SYMLINKS)) {
      FileStatus status = FileStatus.of(same);
      NodeCalls.setOwner(path, status.uid(), status.gid());
      for (String name : XattrCalls.list(below + "/" + folder)) {
        byte[] value = XattrCalls.get(below + "/" + folder, name);
        if (value != null && !name.startsWith("trusted.overlay.")) {
          XattrCalls.set(path, name, value);
        }
      }
      NodeCalls.setPermissions(path, status.permissions());
      NodeCalls.setModified(path, status.mtimeSeconds(), status.mtimeNanos());
    } catch (LinuxException e) {
      boolean noCounterpart = e.notFound() || e.errno() == Errno.ELOOP;
      if (!noCounterpart) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    forget();
    root.close();
  }
}
