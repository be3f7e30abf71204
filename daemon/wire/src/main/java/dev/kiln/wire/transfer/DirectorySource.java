package dev.kiln.wire.transfer;

import com.google.protobuf.ByteString;
import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A directory on disk, or the part of it that a filter lets through. */
public final class DirectorySource implements FileSource {
  private static final String FOREIGN_XATTRS = "com.apple.";

  private final String root;
  private final TreeFilter filter;
  private final UnaryOperator<Stat> map;

  private DirectorySource(String root, TreeFilter filter, UnaryOperator<Stat> map) {
    this.root = root;
    this.filter = filter;
    this.map = map;
  }

  /**
   * All of a directory.
   *
   * @throws IOException when it is not a directory that can be found
   */
  public static DirectorySource of(Path root) throws IOException {
    return filtered(root, List.of(), List.of(), List.of());
  }

  /**
   * The part of a directory that matches.
   *
   * @param include ignore patterns of what is sent; none means all
   * @param exclude ignore patterns of what is not
   * @param follow paths to include with all that their symlinks lead through
   */
  public static DirectorySource filtered(
      Path root, List<String> include, List<String> exclude, List<String> follow)
      throws IOException {
    Path real = root.toRealPath();
    if (!FileStatus.of(real.toString()).isDirectory()) {
      throw new LinuxException(Errno.ENOTDIR, "stat", root.toString());
    }
    String path = real.toString().equals("/") ? "" : real.toString();
    return new DirectorySource(
        path, TreeFilter.of(path, include, exclude, follow), UnaryOperator.identity());
  }

  /** The same files with their entries changed; the path must stay. */
  public DirectorySource mapped(UnaryOperator<Stat> change) {
    return new DirectorySource(root, filter, stat -> change.apply(map.apply(stat)));
  }

  /** The same files, all owned by root: what clients say of their users' files. */
  public DirectorySource ownedByRoot() {
    return mapped(stat -> stat.toBuilder().setUid(0).setGid(0).build());
  }

  @Override
  public void walk(Visitor visitor) throws IOException {
    new Walk(visitor).directory("", TreeFilter.Place.ROOT);
  }

  private record Inode(long device, long number) {}

  private final class Walk {
    private final Visitor visitor;
    private final Map<Inode, String> firstNames = new HashMap<>();

    /** Directories on the way that were not sent, since so far nothing in them was. */
    private final List<Pending> pending = new ArrayList<>();

    Walk(Visitor visitor) {
      this.visitor = visitor;
    }

    private record Pending(String path, FileStatus status) {}

    void directory(String path, TreeFilter.Place place) throws IOException {
      for (DirectoryEntries.Entry entry : entries(path, place)) {
        String child = path.isEmpty() ? entry.name() : path + "/" + entry.name();
        try {
          one(child, entry.type(), place);
        } catch (LinuxException e) {
          // Files may vanish while they are walked; what went is not sent.
          if (!e.notFound()) {
            throw e;
          }
        }
      }
    }

    private List<DirectoryEntries.Entry> entries(String path, TreeFilter.Place place)
        throws LinuxException {
      try {
        return DirectoryEntries.sortedEntries(
            path.isEmpty() && root.isEmpty() ? "/" : root + "/" + path);
      } catch (LinuxException e) {
        boolean unwanted = e.errno() == Errno.EACCES && !place.included();
        if (unwanted || e.notFound()) {
          return List.of();
        }
        throw e;
      }
    }

    private void one(String path, int type, TreeFilter.Place parent) throws IOException {
      boolean maybeDirectory = type == 0 || type == FileStatus.DIRECTORY;
      TreeFilter.Place place = filter.enter(path, parent);
      if (!place.included() && !(maybeDirectory && filter.mayHold(path, place))) {
        return;
      }
      FileStatus status = FileStatus.of(root + "/" + path);
      if (place.included()) {
        for (Pending directory : pending) {
          visitor.visit(stat(directory.path(), directory.status()));
        }
        pending.clear();
        visitor.visit(stat(path, status));
      }
      if (status.isDirectory() && (place.included() || filter.mayHold(path, place))) {
        if (!place.included()) {
          pending.add(new Pending(path, status));
        }
        directory(path, place);
        if (!pending.isEmpty() && pending.getLast().path().equals(path)) {
          pending.removeLast();
        }
      }
    }

    private Stat stat(String path, FileStatus status) throws LinuxException {
      String file = root + "/" + path;
      Stat.Builder stat =
          Stat.newBuilder()
              .setPath(path)
              .setMode(GoMode.ofLinux(status.mode()))
              .setUid(status.uid())
              .setGid(status.gid())
              .setModTime(status.mtimeSeconds() * 1_000_000_000L + status.mtimeNanos());
      if (!status.isDirectory()) {
        stat.setSize(status.size()).setDevmajor(status.rdevMajor()).setDevminor(status.rdevMinor());
      }
      if (status.isSymlink()) {
        stat.setLinkname(NodeCalls.readLink(file));
      } else if (!status.isDirectory() && status.links() > 1) {
        String first = firstNames.putIfAbsent(new Inode(status.device(), status.inode()), path);
        if (first != null) {
          stat.setLinkname(first).setSize(0);
        }
      }
      addXattrs(file, stat);
      return map.apply(stat.build());
    }
  }

  private static void addXattrs(String file, Stat.Builder stat) throws LinuxException {
    for (String name : XattrCalls.list(file)) {
      byte[] value = name.startsWith(FOREIGN_XATTRS) ? null : XattrCalls.get(file, name);
      if (value != null) {
        stat.putXattrs(name, ByteString.copyFrom(value));
      }
    }
  }

  @Override
  public Content open(String path) throws IOException {
    return new DiskContent(Fd.open(root + "/" + path, Fd.O_RDONLY | Fd.O_NOFOLLOW, 0));
  }

  private static final class DiskContent implements Content {
    private static final int BUFFER_BYTES = 256 * 1024;
    private static final ThreadLocal<MemorySegment> BUFFERS =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BUFFER_BYTES));

    private final Fd file;

    DiskContent(Fd file) {
      this.file = file;
    }

    @Override
    public int read(byte[] buffer) throws IOException {
      MemorySegment memory = BUFFERS.get();
      int n = file.read(memory, Math.min(buffer.length, BUFFER_BYTES));
      MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, buffer, 0, n);
      return n;
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
