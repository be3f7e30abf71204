package dev.kiln.snapshotter.linux;

import java.util.HashSet;
import java.util.Set;

/** Whole directory trees: measuring, removing and walking them in sorted order. */
public final class FileTree {
  private FileTree() {}

  /** Visits one file of a walk. */
  public interface Visitor {
    /**
     * Called for a folder before its contents.
     *
     * @param path the full path
     * @return whether to go into the folder (ignored for others)
     */
    boolean visit(String path, FileStatus status) throws LinuxException;
  }

  /**
   * What a tree takes.
   *
   * @param bytes disk blocks in bytes, files with several links counted once
   */
  public record Size(long bytes, long inodes) {}

  private record Inode(long device, long number) {}

  /** Visits everything below a folder (not the folder itself), names sorted by bytes. */
  public static void walk(String folder, Visitor visitor) throws LinuxException {
    for (String name : DirectoryEntries.sorted(folder)) {
      String path = folder + "/" + name;
      FileStatus status = FileStatus.find(path);
      if (status != null && visitor.visit(path, status) && status.isDirectory()) {
        walk(path, visitor);
      }
    }
  }

  /** Measures a folder with everything below it. */
  public static Size measure(String folder) throws LinuxException {
    Set<Inode> linked = new HashSet<>();
    FileStatus top = FileStatus.of(folder);
    long[] sums = {top.blocks() * 512, 1};
    walk(
        folder,
        (path, status) -> {
          boolean several = !status.isDirectory() && status.links() > 1;
          if (!several || linked.add(new Inode(status.device(), status.inode()))) {
            sums[0] += status.blocks() * 512;
            sums[1]++;
          }
          return true;
        });
    return new Size(sums[0], sums[1]);
  }

  /** Removes a file, or a folder with everything in it; nothing there is no error. */
  public static void remove(String path) throws LinuxException {
    FileStatus status = FileStatus.find(path);
    if (status == null) {
      return;
    }
    if (!status.isDirectory()) {
      NodeCalls.unlink(path);
      return;
    }
    for (String name : DirectoryEntries.sorted(path)) {
      String child = path + "/" + name;
      try {
        NodeCalls.unlink(child);
      } catch (LinuxException e) {
        if (e.errno() == Errno.EISDIR || e.errno() == Errno.EPERM) {
          remove(child);
        } else if (e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
    }
    NodeCalls.removeDirectory(path);
  }
}
