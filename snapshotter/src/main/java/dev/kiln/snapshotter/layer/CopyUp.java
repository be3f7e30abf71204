package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Brings one file of a lower tree into an upper folder, unchanged. */
final class CopyUp {
  private static final int CHUNK_BYTES = 256 * 1024;

  private CopyUp() {}

  /**
   * Copies what is at {@code name} below {@code lower} to {@code path}, with all attributes.
   *
   * @throws IOException also when it does not exist, or is a folder
   */
  static void copy(String lower, String name, String path) throws IOException {
    int slash = name.lastIndexOf('/');
    try (Fd root = Fd.directory(lower);
        Fd folder =
            root.openBelow(
                slash < 0 ? "." : name.substring(0, slash),
                Fd.O_PATH | Fd.O_DIRECTORY,
                0,
                Fd.RESOLVE_IN_ROOT | Fd.RESOLVE_NO_MAGICLINKS)) {
      String source = folder.procPath() + "/" + name.substring(slash + 1);
      FileStatus status = FileStatus.of(source);
      switch (status.type()) {
        case FileStatus.REGULAR -> content(source, path);
        case FileStatus.SYMLINK -> NodeCalls.makeSymlink(NodeCalls.readLink(source), path);
        case FileStatus.DIRECTORY ->
            throw new IOException("could not unpack layer: a hard link to the folder " + name);
        default -> NodeCalls.makeNode(path, status.mode(), status.rdevMajor(), status.rdevMinor());
      }
      NodeCalls.setOwner(path, status.uid(), status.gid());
      for (String xattr : XattrCalls.list(source)) {
        byte[] value = XattrCalls.get(source, xattr);
        if (value != null && !xattr.startsWith("trusted.overlay.")) {
          XattrCalls.set(path, xattr, value);
        }
      }
      if (!status.isSymlink()) {
        NodeCalls.setPermissions(path, status.permissions());
      }
      NodeCalls.setModified(path, status.mtimeSeconds(), status.mtimeNanos());
    }
  }

  private static void content(String source, String path) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Fd in = Fd.open(source, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0);
        Fd out = Fd.open(path, Fd.O_WRONLY | Fd.O_CREAT | Fd.O_EXCL | Fd.O_NOFOLLOW, 0600)) {
      MemorySegment chunk = arena.allocate(CHUNK_BYTES);
      for (int n = in.read(chunk, CHUNK_BYTES); n > 0; n = in.read(chunk, CHUNK_BYTES)) {
        out.write(chunk, n);
      }
    }
  }
}
