package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.linux.ByteNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one entry of a tree. Not thread-safe; {@link ContentHash} locks. Unknown is
 * null: children not listed, digests not computed, link text not read.
 */
final class TreeNode {
  /** What kind of record an entry has. */
  enum Kind {
    FILE('f'),
    DIRECTORY('d'),
    SYMLINK('s');

    /** The letter by which the kind is stored. */
    final char letter;

    Kind(char letter) {
      this.letter = letter;
    }
  }

  final String name;
  final Kind kind;

  /** A symlink's text. */
  @Nullable String link;

  /** The entry's own digest; of a directory that of its header. */
  byte @Nullable [] own;

  /** A directory's recursive digest. */
  byte @Nullable [] recursive;

  /** A directory's entries in byte order of their names. */
  @Nullable List<TreeNode> children;

  TreeNode(String name, Kind kind) {
    this.name = name;
    this.kind = kind;
  }

  /** A directory about which nothing is known but that it is there. */
  static TreeNode directory(String name) {
    return new TreeNode(name, Kind.DIRECTORY);
  }

  boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  /** The child of a listed directory. */
  @Nullable TreeNode child(String childName) {
    int at = find(childName);
    return at < 0 || children == null ? null : children.get(at);
  }

  /** Adds a child or puts it in the place of the one with its name. */
  void put(TreeNode child) {
    if (children == null) {
      children = new ArrayList<>();
    }
    int at = find(child.name);
    if (at >= 0) {
      children.set(at, child);
    } else {
      children.add(-at - 1, child);
    }
  }

  void remove(String childName) {
    int at = find(childName);
    if (at >= 0 && children != null) {
      children.remove(at);
    }
  }

  /** The index of a child, or (-(where it belongs) - 1). */
  private int find(String childName) {
    if (children == null) {
      return -1;
    }
    int low = 0;
    int high = children.size() - 1;
    // Transfers add in order, so the end is where most names belong.
    if (high >= 0 && ByteNames.compare(children.get(high).name, childName) < 0) {
      return -children.size() - 1;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = ByteNames.compare(children.get(middle).name, childName);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  /** A copy of this node and all below it, under another name. */
  TreeNode copy(String newName) {
    TreeNode copy = new TreeNode(newName, kind);
    copy.link = link;
    copy.own = own;
    copy.recursive = recursive;
    if (children != null) {
      List<TreeNode> copies = new ArrayList<>(children.size());
      for (TreeNode child : children) {
        copies.add(child.copy(child.name));
      }
      copy.children = copies;
    }
    return copy;
  }
}
