package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the file that a tar entry speaks of, with all its attributes. For one thread only. */
final class EntryWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EntryWriter.class);
  private static final int CHUNK_BYTES = 256 * 1024;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment chunk = arena.allocate(CHUNK_BYTES);
  private final byte[] bytes = new byte[CHUNK_BYTES];

  /**
   * Makes the file at a path where nothing is (a folder may be there already).
   *
   * @param linkSource for a hard link: a path for the file that it repeats
   */
  void write(TarEntry entry, String path, String linkSource, TarReader content) throws IOException {
    switch (entry.type()) {
      case DIRECTORY -> {
        if (FileStatus.find(path) == null) {
          NodeCalls.makeDirectory(path, 0700);
        }
      }
      case FILE -> writeFile(path, content);
      case SYMLINK -> NodeCalls.makeSymlink(entry.linkName(), path);
      case HARD_LINK -> NodeCalls.makeLink(linkSource, path);
      case FIFO -> NodeCalls.makeNode(path, FileStatus.FIFO | 0600, 0, 0);
      case CHARACTER_DEVICE ->
          NodeCalls.makeNode(
              path, FileStatus.CHARACTER_DEVICE | 0600, entry.major(), entry.minor());
      case BLOCK_DEVICE ->
          NodeCalls.makeNode(path, FileStatus.BLOCK_DEVICE | 0600, entry.major(), entry.minor());
    }
    attributes(entry, path);
  }

  private void writeFile(String path, TarReader content) throws IOException {
    int flags = Fd.O_WRONLY | Fd.O_CREAT | Fd.O_EXCL | Fd.O_NOFOLLOW;
    try (Fd file = Fd.open(path, flags, 0600)) {
      while (true) {
        int n = content.read(bytes, 0, bytes.length);
        if (n < 0) {
          return;
        }
        MemorySegment.copy(bytes, 0, chunk, ValueLayout.JAVA_BYTE, 0, n);
        file.write(chunk, n);
      }
    }
  }

  /** Owner first, since a change of owner clears set-id bits and capabilities; times last. */
  private static void attributes(TarEntry entry, String path) throws IOException {
    NodeCalls.setOwner(path, (int) entry.uid(), (int) entry.gid());
    for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
      setXattr(entry, path, xattr.getKey(), xattr.getValue());
    }
    boolean symlink =
        entry.type() == TarEntry.Type.SYMLINK
            || (entry.type() == TarEntry.Type.HARD_LINK && FileStatus.of(path).isSymlink());
    if (!symlink) {
      NodeCalls.setPermissions(path, entry.permissions());
    }
    NodeCalls.setBothTimes(path, entry.mtimeSeconds(), entry.mtimeNanos());
  }

  private static void setXattr(TarEntry entry, String path, String name, byte[] value)
      throws LinuxException {
    try {
      if (!name.startsWith("trusted.overlay.")) {
        XattrCalls.set(path, name, value);
      }
    } catch (LinuxException e) {
      // User attributes exist on files and folders only; some file systems have none at all.
      boolean harmless =
          e.errno() == Errno.EOPNOTSUPP || (e.errno() == Errno.EPERM && name.startsWith("user."));
      if (!harmless) {
        throw e;
      }
      LOG.warn("left out attribute {} of {}: {}", name, entry.name(), e.getMessage());
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
