package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that a tree is received into, changed entry by entry in the order of the protocol.
 * Contents of files come later, so do links, since what they name may not be there yet, and the
 * directories' own times. Used by the receiving thread only.
 */
final class ReceivedTree {
  private final String root;
  private final ReceiveOptions options;
  private final boolean mirror;
  private final List<Folder> open = new ArrayList<>();
  private final List<Folder> made = new ArrayList<>();
  private final List<Stat> links = new ArrayList<>();

  /** Files with several names that were kept under one that the sender has, too. */
  private final Set<Inode> keptLinked = new HashSet<>();

  private record Inode(long device, long number) {}

  /** A directory of the tree that entries may still be added to. */
  private static final class Folder {
    final String path;
    final @Nullable Stat stat;

    /** Names that were there before; empty for a new directory and where all stays. */
    final List<String> before;

    /** The first of those names that was neither met nor removed yet. */
    int next;

    /** Whether it is new, so that nothing can be in the way. */
    final boolean fresh;

    Folder(String path, @Nullable Stat stat, List<String> before, boolean fresh) {
      this.path = path;
      this.stat = stat;
      this.before = before;
      this.fresh = fresh;
    }
  }

  ReceivedTree(String root, ReceiveOptions options) throws IOException {
    this.root = root;
    this.options = options;
    this.mirror = options.existing() != ReceiveOptions.Existing.MERGED;
    open.add(new Folder("", null, names(root), false));
  }

  private List<String> names(String directory) throws IOException {
    return mirror ? DirectoryEntries.sorted(directory) : List.of();
  }

  String onDisk(String path) {
    return root + "/" + path;
  }

  /** What is to be done for an entry's content. */
  enum Content {
    /** Nothing: it is there, or the entry has none. */
    NOT_NEEDED,
    /** It is needed for a file that is not there. */
    FOR_NEW_FILE,
    /** It is needed in place of the content of a file that is there. */
    FOR_FILE_THERE
  }

  /** Takes the next entry. */
  Content add(Stat stat) throws IOException {
    String path = stat.getPath();
    int slash = path.lastIndexOf('/');
    Folder folder = leaveTo(slash < 0 ? "" : path.substring(0, slash));
    String file = onDisk(path);
    boolean known = skipTo(folder, path.substring(slash + 1));
    FileStatus there = known || (!mirror && !folder.fresh) ? FileStatus.find(file) : null;
    if (GoMode.isDirectory(stat.getMode())) {
      directory(stat, file, there);
      return Content.NOT_NEEDED;
    }
    boolean hardLink = !GoMode.isSymlink(stat.getMode()) && !stat.getLinkname().isEmpty();
    if (hardLink) {
      links.add(stat);
      return Content.NOT_NEEDED;
    }
    if (there != null && isSame(stat, there, file)) {
      return Content.NOT_NEEDED;
    }
    boolean regular = GoMode.isRegular(stat.getMode());
    if (regular && there != null && canBeWritten(there, file)) {
      return Content.FOR_FILE_THERE;
    }
    if (there != null) {
      FileTree.remove(file);
    }
    if (regular) {
      return Content.FOR_NEW_FILE;
    }
    special(stat, file);
    return Content.NOT_NEEDED;
  }

  /**
   * Whether a kept file may take the new content. That spares a removal and a new inode for every
   * changed file; ext4 finds a free inode only slowly where thousands were just given back.
   */
  private boolean canBeWritten(FileStatus there, String file) throws IOException {
    return mirror && there.isRegular() && there.links() == 1 && XattrCalls.list(file).isEmpty();
  }

  /** Closes the directories that are done; what was in them and was not sent goes. */
  private Folder leaveTo(String parent) throws IOException {
    while (!open.getLast().path.equals(parent)) {
      removeBefore(open.removeLast(), null);
    }
    return open.getLast();
  }

  /** Removes what comes before a name; whether the name itself was there. */
  private boolean skipTo(Folder folder, String name) throws IOException {
    removeBefore(folder, name);
    boolean known =
        folder.next < folder.before.size() && folder.before.get(folder.next).equals(name);
    folder.next += known ? 1 : 0;
    return known;
  }

  private void removeBefore(Folder folder, @Nullable String limit) throws IOException {
    for (; folder.next < folder.before.size(); folder.next++) {
      String name = folder.before.get(folder.next);
      if (limit != null && ByteNames.compare(name, limit) >= 0) {
        return;
      }
      String path = folder.path.isEmpty() ? name : folder.path + "/" + name;
      FileTree.remove(onDisk(path));
      if (options.listener() != null) {
        options.listener().deleted(path);
      }
    }
  }

  private void directory(Stat stat, String file, @Nullable FileStatus there) throws IOException {
    boolean stays = there != null && there.isDirectory();
    if (there != null && !stays) {
      FileTree.remove(file);
    }
    if (!stays) {
      NodeCalls.makeDirectory(file, 0700);
    }
    if (!stays || !isSame(stat, there, file)) {
      ReceivedAttributes.apply(file, stat);
      // Its own user must be able to fill it.
      if ((GoMode.permissions(stat.getMode()) & 0700) != 0700) {
        NodeCalls.setPermissions(file, GoMode.permissions(stat.getMode()) | 0700);
      }
      changed(stat);
    }
    Folder folder = new Folder(stat.getPath(), stat, stays ? names(file) : List.of(), !stays);
    open.add(folder);
    made.add(folder);
  }

  private boolean isSame(Stat stat, @Nullable FileStatus there, String file) throws IOException {
    if (there == null || options.existing() != ReceiveOptions.Existing.COMPARED) {
      return false;
    }
    String link = there.isSymlink() ? NodeCalls.readLink(file) : "";
    if (!ReceivedAttributes.same(stat, there, link)) {
      return false;
    }
    // What the sender has as two files must not stay one.
    return there.isDirectory()
        || there.links() == 1
        || keptLinked.add(new Inode(there.device(), there.inode()));
  }

  private void special(Stat stat, String file) throws IOException {
    if (GoMode.isSymlink(stat.getMode())) {
      NodeCalls.makeSymlink(stat.getLinkname(), file);
    } else {
      int type = GoMode.toLinux(stat.getMode()) & FileStatus.TYPE_MASK;
      NodeCalls.makeNode(
          file,
          type | 0600,
          Math.toIntExact(stat.getDevmajor()),
          Math.toIntExact(stat.getDevminor()));
    }
    ReceivedAttributes.apply(file, stat);
    changed(stat);
  }

  private void changed(Stat stat) {
    if (options.listener() != null) {
      var header = ReceivedAttributes.header(stat);
      options.listener().changed(stat.getPath(), header, header.digest());
    }
  }

  /** No more entries come: removes what was not sent. */
  void end() throws IOException {
    leaveTo("");
    removeBefore(open.getLast(), null);
  }

  /** All contents are there: makes the links and sets the directories' times. */
  void finish() throws IOException {
    for (Stat link : links) {
      link(link);
    }
    for (Folder folder : made.reversed()) {
      Stat stat = folder.stat;
      if (stat != null) {
        int permissions = GoMode.permissions(stat.getMode());
        if ((permissions & 0700) != 0700) {
          NodeCalls.setPermissions(onDisk(folder.path), permissions);
        }
        ReceivedAttributes.setTime(onDisk(folder.path), stat);
      }
    }
  }

  private void link(Stat stat) throws IOException {
    String file = onDisk(stat.getPath());
    String target = onDisk(stat.getLinkname());
    FileStatus there = FileStatus.find(file);
    if (there != null && there.sameFile(FileStatus.of(target))) {
      return;
    }
    if (there != null) {
      FileTree.remove(file);
    }
    NodeCalls.makeLink(target, file);
    if (options.listener() != null) {
      options.listener().linked(stat.getPath(), stat.getLinkname());
    }
  }
}
