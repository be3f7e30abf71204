package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Learns the content digests of a tree while it is being received, so that it need not be read
 * again. Starts from what is known of the tree as it was, if anything. A directory must be put
 * before what it holds. Paths may be with or without a leading slash. Thread-safe.
 */
public final class ContentChanges {
  private final TreeNode root;
  private final Map<String, String> hardLinks = new LinkedHashMap<>();
  private boolean changed;

  /**
   * Starts.
   *
   * @param before the tree as it was, or null for a new one
   */
  public ContentChanges(@Nullable ContentHash before) {
    root = before == null ? TreeNode.directory("") : before.copyOfRoot();
  }

  /**
   * Adds or replaces an entry.
   *
   * @param header of what was received
   * @param digest of header and content; see {@link EntryHeader#start}
   */
  public synchronized void put(String path, EntryHeader header, Digest digest) {
    int type = header.mode() & FileStatus.TYPE_MASK;
    String clean = SlashPath.absolute(path);
    TreeNode parent = touchParent(clean);
    TreeNode node =
        new TreeNode(
            SlashPath.base(clean),
            switch (type) {
              case FileStatus.DIRECTORY -> TreeNode.Kind.DIRECTORY;
              case FileStatus.SYMLINK -> TreeNode.Kind.SYMLINK;
              default -> TreeNode.Kind.FILE;
            });
    node.own = Hashes.raw(digest);
    if (node.kind == TreeNode.Kind.SYMLINK) {
      node.link = header.link();
    }
    TreeNode old = parent.child(node.name);
    if (node.isDirectory()) {
      node.children =
          old != null && old.children != null ? old.children : new java.util.ArrayList<>();
    }
    parent.put(node);
    hardLinks.remove(clean);
  }

  /** Adds or replaces an entry that is another name of {@code target}, which may come later. */
  public synchronized void link(String path, String target) {
    String clean = SlashPath.absolute(path);
    touchParent(clean);
    hardLinks.put(clean, SlashPath.absolute(target));
  }

  /** Takes an entry and all below it away. */
  public synchronized void delete(String path) {
    String clean = SlashPath.absolute(path);
    touchParent(clean).remove(SlashPath.base(clean));
    hardLinks.remove(clean);
  }

  /** Notes a change below the parents of a path and gives the last of them. */
  private TreeNode touchParent(String path) {
    if (!changed) {
      changed = true;
      if (root.own == null) {
        // Nothing is said of the root itself in a transfer.
        root.own = Hashes.NOTHING;
      }
      if (root.children == null) {
        root.children = new java.util.ArrayList<>();
      }
    }
    TreeNode at = root;
    at.recursive = null;
    int from = 1;
    for (int slash; (slash = path.indexOf('/', from)) >= 0; from = slash + 1) {
      String name = path.substring(from, slash);
      TreeNode next = at.child(name);
      if (next == null || !next.isDirectory()) {
        throw new IllegalStateException("the parent of " + path + " was not received");
      }
      next.recursive = null;
      at = next;
    }
    return at;
  }

  /**
   * The digests of the tree as received. Nothing received and nothing known before gives a hash
   * that reads the tree.
   */
  public synchronized ContentHash finish() {
    hardLinks.forEach(
        (path, target) -> {
          TreeNode original = touchParent(target).child(SlashPath.base(target));
          if (original == null) {
            throw new IllegalStateException("the target of the link " + path + " was not received");
          }
          touchParent(path).put(original.copy(SlashPath.base(path)));
        });
    hardLinks.clear();
    return new ContentHash(root.copy(""));
  }
}
