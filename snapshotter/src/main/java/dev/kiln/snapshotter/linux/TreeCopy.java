package dev.kiln.snapshotter.linux;

import java.util.HashMap;
import java.util.Map;

/**
 * Copies whole trees with everything that belongs to them: owners, modes, times, attributes, hard
 * links within the tree, devices. Links are copied, not followed.
 */
public final class TreeCopy {
  private record Inode(long device, long number) {}

  private final Map<Inode, String> linked = new HashMap<>();

  private TreeCopy() {}

  /** Copies what is in {@code source} into the existing folder {@code target}. */
  public static void contents(String source, String target) throws LinuxException {
    new TreeCopy().folder(source, target);
  }

  /** Copies one file, or a folder with what is in it, to a name that does not exist. */
  public static void one(String source, String target) throws LinuxException {
    new TreeCopy().file(source, target, FileStatus.of(source));
  }

  private void folder(String source, String target) throws LinuxException {
    for (String name : DirectoryEntries.sorted(source)) {
      String from = source + "/" + name;
      file(from, target + "/" + name, FileStatus.of(from));
    }
  }

  private void file(String source, String target, FileStatus status) throws LinuxException {
    if (!status.isDirectory() && status.links() > 1) {
      String first = linked.putIfAbsent(new Inode(status.device(), status.inode()), target);
      if (first != null) {
        NodeCalls.makeLink(first, target);
        return;
      }
    }
    switch (status.type()) {
      case FileStatus.DIRECTORY -> {
        NodeCalls.makeDirectory(target, 0700);
        folder(source, target);
      }
      case FileStatus.REGULAR -> content(source, target);
      case FileStatus.SYMLINK -> NodeCalls.makeSymlink(NodeCalls.readLink(source), target);
      default -> NodeCalls.makeNode(target, status.mode(), status.rdevMajor(), status.rdevMinor());
    }
    attributes(source, target, status);
  }

  /** Gives a file the owner, attributes, mode and modification time of another. */
  public static void attributes(String source, String target, FileStatus status)
      throws LinuxException {
    NodeCalls.setOwner(target, status.uid(), status.gid());
    for (String name : XattrCalls.list(source)) {
      byte[] value = name.startsWith("trusted.overlay.") ? null : XattrCalls.get(source, name);
      if (value != null) {
        XattrCalls.set(target, name, value);
      }
    }
    if (!status.isSymlink()) {
      NodeCalls.setPermissions(target, status.permissions());
    }
    NodeCalls.setModified(target, status.mtimeSeconds(), status.mtimeNanos());
  }

  /** Copies a file's bytes, sharing blocks where the file system can. */
  public static void content(String source, String target) throws LinuxException {
    try (Fd in = Fd.open(source, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0);
        Fd out = Fd.open(target, Fd.O_WRONLY | Fd.O_CREAT | Fd.O_EXCL | Fd.O_NOFOLLOW, 0600)) {
      out.copyFrom(in);
    }
  }
}
