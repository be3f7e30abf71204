package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads entries of a mounted tree from disk. Paths of entries are absolute within the tree. */
final class TreeReader {
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final ThreadLocal<Buffer> BUFFERS = ThreadLocal.withInitial(Buffer::new);

  private final TreeRoot root;

  TreeReader(TreeRoot root) {
    this.root = root;
  }

  /** One thread's room for file contents. */
  private static final class Buffer {
    final MemorySegment memory = Arena.ofAuto().allocate(BUFFER_BYTES);
    final byte[] bytes = new byte[BUFFER_BYTES];
  }

  /** The place on disk of a path of the tree, whose parents must not be symlinks. */
  String onDisk(String path) throws IOException {
    return path.equals("/") ? root.path() : root.path() + path;
  }

  /** The children of a directory that was not listed yet. */
  List<TreeNode> list(String path) throws IOException {
    String directory = onDisk(path);
    List<TreeNode> nodes = new ArrayList<>();
    for (DirectoryEntries.Entry entry : DirectoryEntries.sortedEntries(directory)) {
      int type =
          entry.type() != 0 ? entry.type() : FileStatus.of(directory + "/" + entry.name()).type();
      nodes.add(
          new TreeNode(
              entry.name(),
              switch (type) {
                case FileStatus.DIRECTORY -> TreeNode.Kind.DIRECTORY;
                case FileStatus.SYMLINK -> TreeNode.Kind.SYMLINK;
                default -> TreeNode.Kind.FILE;
              }));
    }
    return nodes;
  }

  String readLink(String path) throws IOException {
    return NodeCalls.readLink(onDisk(path));
  }

  /** The digest of one entry by itself: of a directory its header, of a file its content too. */
  byte[] hash(String path) throws IOException {
    String file = onDisk(path);
    FileStatus status = FileStatus.of(file);
    String link = status.isSymlink() ? NodeCalls.readLink(file) : "";
    int mode = status.isSymlink() ? status.mode() | 0777 : status.mode();
    // Device numbers stay out, as they do in the caches that this must agree with.
    EntryHeader header =
        new EntryHeader(mode, status.uid(), status.gid(), size(status), link, 0, 0, xattrs(file));
    MessageDigest hash = header.start();
    if (status.isRegular() && status.size() > 0) {
      addContent(hash, file);
    }
    return hash.digest();
  }

  private static long size(FileStatus status) {
    return status.isRegular() ? status.size() : 0;
  }

  private static Map<String, byte[]> xattrs(String file) throws LinuxException {
    List<String> names = XattrCalls.list(file);
    if (names.isEmpty()) {
      return Map.of();
    }
    Map<String, byte[]> xattrs = new HashMap<>();
    for (String name : names) {
      byte[] value = XattrCalls.get(file, name);
      if (value != null) {
        xattrs.put(name, value);
      }
    }
    return xattrs;
  }

  private static void addContent(MessageDigest hash, String file) throws LinuxException {
    Buffer buffer = BUFFERS.get();
    try (Fd fd = Fd.open(file, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0)) {
      for (int n; (n = fd.read(buffer.memory, BUFFER_BYTES)) > 0; ) {
        MemorySegment.copy(buffer.memory, ValueLayout.JAVA_BYTE, 0, buffer.bytes, 0, n);
        hash.update(buffer.bytes, 0, n);
      }
    }
  }
}
