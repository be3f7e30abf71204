package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes as a layer: OCI image-spec, layer.md. Every entry is preceded by the folders above
 * it; files that share an inode become hard links of the first; sockets are left out.
 */
final class LayerTar implements ChangeSink {
  private static final int CHUNK_BYTES = 256 * 1024;

  private final TarWriter tar;
  private final String root;
  private final @Nullable Instant latest;
  private final Set<String> folders = new HashSet<>();
  private final Map<Inode, String> written = new HashMap<>();
  private final Map<Inode, List<String>> waiting = new HashMap<>();
  private final byte[] chunk = new byte[CHUNK_BYTES];

  private record Inode(long device, long number) {}

  /**
   * Starts a layer.
   *
   * @param root the tree from which folders above a change are read
   * @param latest files get at most this time, or null
   */
  LayerTar(OutputStream out, String root, @Nullable Instant latest) {
    this.tar = new TarWriter(out);
    this.root = root;
    this.latest = latest;
  }

  @Override
  public void deleted(String path) throws IOException {
    parents(path);
    int slash = path.lastIndexOf('/') + 1;
    tar.begin(
        TarEntry.whiteout(path.substring(0, slash) + Whiteouts.PREFIX + path.substring(slash)));
  }

  @Override
  public void unchangedLink(String path, String source, FileStatus status) throws IOException {
    Inode inode = new Inode(status.device(), status.inode());
    if (written.containsKey(inode)) {
      changed(path, source, status);
    } else {
      waiting.computeIfAbsent(inode, i -> new ArrayList<>()).add(path);
    }
  }

  @Override
  public void changed(String path, String source, FileStatus status) throws IOException {
    if (status.type() == FileStatus.SOCKET || (status.isDirectory() && !folders.add(path))) {
      return;
    }
    parents(path);
    Inode inode = new Inode(status.device(), status.inode());
    boolean linked = !status.isDirectory() && status.links() > 1;
    String first = linked ? written.get(inode) : null;
    TarEntry entry = entry(path, source, status);
    if (first != null) {
      tar.begin(entry.linkedTo(path, first));
      return;
    }
    tar.begin(entry);
    copy(source, entry.size());
    if (linked) {
      written.put(inode, path);
      List<String> others = waiting.remove(inode);
      for (String other : others == null ? List.<String>of() : others) {
        parents(other);
        tar.begin(entry.linkedTo(other, path));
      }
    }
  }

  private void parents(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      String parent = path.substring(0, slash);
      if (!folders.contains(parent)) {
        changed(parent, root + "/" + parent, FileStatus.of(root + "/" + parent));
      }
    }
  }

  private TarEntry entry(String path, String source, FileStatus status) throws IOException {
    TarEntry.Type type = TarEntry.Type.ofMode(status.mode());
    boolean device = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
    long seconds = status.mtimeSeconds();
    return new TarEntry(
        status.isDirectory() ? path + "/" : path,
        type,
        status.permissions(),
        Integer.toUnsignedLong(status.uid()),
        Integer.toUnsignedLong(status.gid()),
        type == TarEntry.Type.FILE ? status.size() : 0,
        latest == null ? seconds : Math.min(seconds, latest.getEpochSecond()),
        0,
        type == TarEntry.Type.SYMLINK ? NodeCalls.readLink(source) : "",
        device ? status.rdevMajor() : 0,
        device ? status.rdevMinor() : 0,
        xattrs(source));
  }

  /** Capabilities and user attributes belong to a layer; others are the host's own. */
  private static Map<String, byte[]> xattrs(String source) throws LinuxException {
    Map<String, byte[]> found = new TreeMap<>();
    for (String name : XattrCalls.list(source)) {
      boolean wanted =
          name.equals(Sameness.CAPABILITY)
              || (name.startsWith("user.") && !name.startsWith("user.overlay."));
      byte[] value = wanted ? XattrCalls.get(source, name) : null;
      if (value != null) {
        found.put(name, value);
      }
    }
    return found;
  }

  private void copy(String source, long size) throws IOException {
    if (size == 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined();
        Fd file = Fd.open(source, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0)) {
      MemorySegment buffer = arena.allocate(Math.min(size, CHUNK_BYTES));
      long left = size;
      while (left > 0) {
        int n = file.read(buffer, (int) Math.min(left, buffer.byteSize()));
        if (n == 0) {
          throw new IOException(
              "could not read " + source + ": it became shorter while a layer was made of it");
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, chunk, 0, n);
        tar.write(chunk, 0, n);
        left -= n;
      }
    }
  }

  void finish() throws IOException {
    tar.finish();
  }
}
