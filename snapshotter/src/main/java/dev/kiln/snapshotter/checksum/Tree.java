package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.linux.FileWorkers;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes of a tree together with a way to learn what they do not know. Not thread-safe. */
final class Tree {
  private static final int MAX_LINKS = 255;

  private final TreeNode root;
  private final TreeReader reader;

  Tree(TreeNode root, TreeReader reader) {
    this.root = root;
    this.reader = reader;
  }

  /** A place in the tree: its absolute path, free of symlinks, and what is there, if anything. */
  record Place(String path, @Nullable TreeNode node) {}

  /** One entry whose own digest is wanted. */
  record Wanted(String path, TreeNode node) {}

  TreeNode root() {
    return root;
  }

  static String below(String directory, String name) {
    return directory.equals("/") ? "/" + name : directory + "/" + name;
  }

  List<TreeNode> children(TreeNode directory, String path) throws IOException {
    List<TreeNode> children = directory.children;
    if (children == null) {
      children = reader.list(path);
      directory.children = children;
    }
    return children;
  }

  String link(TreeNode symlink, String path) throws IOException {
    String link = symlink.link;
    if (link == null) {
      link = reader.readLink(path);
      symlink.link = link;
    }
    return link;
  }

  /**
   * Walks a path, following symlinks on the way as if the tree were the whole file system. Steps
   * through what is not there are taken by their text alone.
   *
   * @param followLast whether a symlink at the end is followed too
   */
  Place resolve(String path, boolean followLast) throws IOException {
    List<Place> trail = new ArrayList<>();
    trail.add(new Place("/", root));
    String rest = path;
    int links = 0;
    while (!rest.isEmpty()) {
      int slash = rest.indexOf('/');
      String part = slash < 0 ? rest : rest.substring(0, slash);
      rest = slash < 0 ? "" : rest.substring(slash + 1);
      if (part.equals("..")) {
        if (trail.size() > 1) {
          trail.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        Place next = step(trail.getLast(), part);
        TreeNode node = next.node();
        boolean follow = followLast || !rest.isEmpty();
        if (node == null || node.kind != TreeNode.Kind.SYMLINK || !follow) {
          trail.add(next);
          continue;
        }
        if (++links > MAX_LINKS) {
          throw new IOException("too many links");
        }
        String link = link(node, next.path());
        rest = link + "/" + rest;
        if (link.startsWith("/")) {
          trail.subList(1, trail.size()).clear();
        }
      }
    }
    return trail.getLast();
  }

  private Place step(Place from, String name) throws IOException {
    TreeNode node = from.node();
    TreeNode next = null;
    if (node != null && node.isDirectory()) {
      children(node, from.path());
      next = node.child(name);
    }
    return new Place(below(from.path(), name), next);
  }

  /** The digest of all that is at a place. */
  byte[] digest(TreeNode node, String path) throws IOException {
    if (!node.isDirectory()) {
      hashAll(List.of(new Wanted(path, node)));
      return ownDigest(node);
    }
    List<Wanted> wanted = new ArrayList<>();
    collect(node, path, wanted);
    hashAll(wanted);
    return combine(node);
  }

  private void collect(TreeNode directory, String path, List<Wanted> wanted) throws IOException {
    if (directory.recursive != null) {
      return;
    }
    wanted.add(new Wanted(path, directory));
    for (TreeNode child : children(directory, path)) {
      if (child.isDirectory()) {
        collect(child, below(path, child.name), wanted);
      } else {
        wanted.add(new Wanted(below(path, child.name), child));
      }
    }
  }

  /** Computes the own digests that are missing, many at a time. */
  void hashAll(List<Wanted> wanted) throws IOException {
    List<Wanted> missing = wanted.stream().filter(w -> w.node().own == null).toList();
    if (missing.size() == 1) {
      missing.getFirst().node().own = reader.hash(missing.getFirst().path());
      return;
    }
    FileWorkers.Batch batch = FileWorkers.batch();
    try {
      for (Wanted one : missing) {
        batch.add(() -> one.node().own = reader.hash(one.path()));
      }
      batch.finish();
    } finally {
      batch.await();
    }
  }

  static byte[] ownDigest(TreeNode node) {
    byte[] own = node.own;
    if (own == null) {
      throw new IllegalStateException("the digest of " + node.name + " was not computed");
    }
    return own;
  }

  private static byte[] combine(TreeNode directory) {
    byte[] known = directory.recursive;
    if (known != null) {
      return known;
    }
    MessageDigest hash = Hashes.sha256();
    hash.update((byte) 0);
    Hashes.updateText(hash, ownDigest(directory));
    List<TreeNode> children = directory.children;
    for (TreeNode child : children == null ? List.<TreeNode>of() : children) {
      hash.update((byte) 0);
      hash.update(dev.kiln.snapshotter.linux.ByteNames.encode(child.name));
      Hashes.updateText(hash, child.isDirectory() ? combine(child) : ownDigest(child));
    }
    byte[] digest = hash.digest();
    directory.recursive = digest;
    return digest;
  }
}
