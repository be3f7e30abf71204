package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The content digests of one unchanging tree. What was computed once is kept, entry by entry, so
 * that many selectors on one tree read each file at most once; what was never asked for is never
 * read. Thread-safe: checksums of one tree wait for each other, and each hashes many files at a
 * time.
 */
public final class ContentHash {
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeNode root;

  /** Knows nothing yet: everything is read from the mounted tree when it is needed. */
  public ContentHash() {
    this(TreeNode.directory(""));
  }

  ContentHash(TreeNode root) {
    this.root = root;
  }

  /**
   * The digest of what one selector picks.
   *
   * @param mounted where to read what is not known yet
   * @throws NotInTreeException when the path, or a required one, is not there
   */
  public Digest checksum(TreeRoot mounted, ContentSelector selector) throws IOException {
    return Hashes.digest(raw(mounted, selector));
  }

  /** The checksum of a tree that is nothing at all (scratch): only its root is there. */
  public static Digest checksumOfNothing(ContentSelector selector) throws IOException {
    if (selector.path().equals("/")) {
      return Hashes.digest(Hashes.NOTHING);
    }
    throw new NotInTreeException(selector.path() + ": no such file or directory");
  }

  /**
   * The content key of a step's input: the digest of the selectors' checksums.
   *
   * @param selectors none stands for the whole tree
   */
  public Digest contentKey(TreeRoot mounted, List<ContentSelector> selectors) throws IOException {
    return join(selectors, selector -> checksum(mounted, selector));
  }

  /** The content key of an input that is nothing at all. */
  public static Digest contentKeyOfNothing(List<ContentSelector> selectors) throws IOException {
    return join(selectors, ContentHash::checksumOfNothing);
  }

  private interface Checksum {
    Digest of(ContentSelector selector) throws IOException;
  }

  private static Digest join(List<ContentSelector> selectors, Checksum checksum)
      throws IOException {
    MessageDigest hash = Hashes.sha256();
    boolean first = true;
    for (ContentSelector selector :
        selectors.isEmpty() ? List.of(ContentSelector.ALL) : selectors) {
      if (!first) {
        hash.update((byte) 0);
      }
      first = false;
      hash.update(checksum.of(selector).text().getBytes(StandardCharsets.ISO_8859_1));
    }
    return Hashes.digest(hash.digest());
  }

  /**
   * Lists what a content key is made of. To be asked after the content key: nothing is hashed.
   *
   * @param selectors as for the content key
   */
  public List<ContentEntry> entries(TreeRoot mounted, List<ContentSelector> selectors)
      throws IOException {
    lock.lock();
    try {
      Tree tree = new Tree(root, new TreeReader(mounted));
      List<ContentEntry> entries = new ArrayList<>();
      for (ContentSelector selector :
          selectors.isEmpty() ? List.of(ContentSelector.ALL) : selectors) {
        if (selector.isList()) {
          entries.addAll(Selection.entries(tree, selector));
        } else {
          TreeNode node = tree.resolve(selector.path(), selector.followLinks()).node();
          if (node != null) {
            ContentFolder.add(entries, selector.path(), node, lock);
          }
        }
      }
      return entries;
    } finally {
      lock.unlock();
    }
  }

  private byte[] raw(TreeRoot mounted, ContentSelector selector) throws IOException {
    lock.lock();
    try {
      Tree tree = new Tree(root, new TreeReader(mounted));
      return selector.isList()
          ? Selection.digest(tree, selector)
          : plainDigest(tree, selector.path(), selector.followLinks());
    } finally {
      lock.unlock();
    }
  }

  static byte[] plainDigest(Tree tree, String path, boolean followLast) throws IOException {
    Tree.Place place = tree.resolve(path, followLast);
    TreeNode node = place.node();
    if (node == null) {
      throw NotInTreeException.of(path);
    }
    return tree.digest(node, place.path());
  }

  /** A copy of all that is known, to change as the tree changes. */
  TreeNode copyOfRoot() {
    lock.lock();
    try {
      return root.copy("");
    } finally {
      lock.unlock();
    }
  }

  /** What is known, in a form that {@link #fromBytes} reads. */
  public byte[] toBytes() {
    lock.lock();
    try {
      return TreeRecords.write(root);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Restores what {@link #toBytes} gave.
   *
   * @throws IOException when the bytes are damaged or of another version
   */
  public static ContentHash fromBytes(byte[] bytes) throws IOException {
    return new ContentHash(TreeRecords.read(bytes));
  }
}
