package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** A folder all of which counts, with digests that are known already. Thread-safe. */
public final class ContentFolder {
  private final ReentrantLock lock;
  private final TreeNode node;

  ContentFolder(ReentrantLock lock, TreeNode node) {
    this.lock = lock;
    this.node = node;
  }

  /** What is in it, in byte order of names; entries whose digests are not known are left out. */
  public List<ContentEntry> entries() {
    lock.lock();
    try {
      List<ContentEntry> entries = new ArrayList<>();
      List<TreeNode> children = node.children;
      for (TreeNode child : children == null ? List.<TreeNode>of() : children) {
        add(entries, child.name, child, lock);
      }
      return entries;
    } finally {
      lock.unlock();
    }
  }

  static void add(List<ContentEntry> to, String path, TreeNode node, ReentrantLock lock) {
    byte[] digest = node.isDirectory() ? node.recursive : node.own;
    if (digest != null) {
      ContentFolder folder = node.isDirectory() ? new ContentFolder(lock, node) : null;
      to.add(new ContentEntry(trimmed(path), Hashes.digest(digest), folder));
    }
  }

  static ContentEntry header(String path, byte[] digest) {
    return new ContentEntry(trimmed(path), new Digest(Hashes.text(digest)), null);
  }

  private static String trimmed(String path) {
    return SlashPath.absolute(path).substring(1);
  }
}
