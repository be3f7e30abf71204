package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.pattern.BadPatternException;
import dev.kiln.snapshotter.pattern.GoPathMatch;
import dev.kiln.snapshotter.pattern.IgnorePatterns;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a selector with a wildcard or with patterns picks from a tree, in tree order,
 * and the digest of that list. Of a directory its header counts, never its recursive digest, since
 * patterns may leave out some of what it holds.
 */
final class Selection {
  private final Tree tree;
  private final ContentSelector selector;
  private final IgnorePatterns includes;
  private final IgnorePatterns excludes;
  private final List<Picked> picked = new ArrayList<>();

  /** Directories visited on the way to the current entry, outermost first. */
  private final List<Picked> parents = new ArrayList<>();

  /** The part of the path before the first wildcard, empty for the root. */
  private final String prefix;

  private final int maxWildcardDepth;

  /** An entry that was visited, and whether it made it into the list. */
  private static final class Picked {
    /** With the prefix as it was asked for, not as symlinks resolve it. */
    final String path;

    final Tree.Wanted real;
    final boolean followLinks;
    boolean included;
    IgnorePatterns.Match includeMatch = IgnorePatterns.Match.NONE;
    IgnorePatterns.Match excludeMatch = IgnorePatterns.Match.NONE;

    Picked(String path, Tree.Wanted real, boolean followLinks) {
      this.path = path;
      this.real = real;
      this.followLinks = followLinks;
    }
  }

  private Selection(Tree tree, ContentSelector selector) throws IOException {
    this.tree = tree;
    this.selector = selector;
    this.includes = compile("includepatterns", selector.includePatterns());
    this.excludes = compile("excludepatterns", selector.excludePatterns());
    String base = selector.wildcard() ? plainPrefix(selector.path()) : selector.path();
    this.prefix = base.equals("/") ? "" : base;
    // A class may match a slash, so with one the depth says nothing.
    boolean anyDepth = selector.path().indexOf('[') >= 0;
    this.maxWildcardDepth = anyDepth ? Integer.MAX_VALUE : depth(selector.path());
  }

  private static IgnorePatterns compile(String kind, List<String> texts) throws IOException {
    try {
      return IgnorePatterns.of(texts);
    } catch (BadPatternException e) {
      throw new IOException(
          "invalid " + kind + ": [" + String.join(" ", texts) + "]: " + e.getMessage(), e);
    }
  }

  /** The digest of what the selector picks. */
  static byte[] digest(Tree tree, ContentSelector selector) throws IOException {
    Selection selection = new Selection(tree, selector);
    try {
      selection.walk();
    } catch (BadPatternException e) {
      throw new IOException(e.getMessage(), e);
    }
    selection.checkRequired();
    return selection.combine();
  }

  /** What the selector picks, each with its own digest. */
  static List<ContentEntry> entries(Tree tree, ContentSelector selector) throws IOException {
    Selection selection = new Selection(tree, selector);
    try {
      selection.walk();
    } catch (BadPatternException e) {
      throw new IOException(e.getMessage(), e);
    }
    List<ContentEntry> entries = new ArrayList<>();
    for (Picked entry : selection.picked) {
      if (isFollowed(entry) || entry.real.node().own != null) {
        entries.add(ContentFolder.header(entry.path, selection.digest(entry)));
      }
    }
    return entries;
  }

  private static String plainPrefix(String pattern) {
    String plain = "/";
    for (int from = 1; from < pattern.length(); ) {
      int slash = pattern.indexOf('/', from);
      String part = pattern.substring(from, slash < 0 ? pattern.length() : slash);
      if (GoPathMatch.hasWildcard(part)) {
        break;
      }
      plain = Tree.below(plain, part);
      from += part.length() + 1;
    }
    return plain;
  }

  private static int depth(String path) {
    return (int) path.chars().filter(c -> c == '/').count();
  }

  private void walk() throws IOException {
    if (prefix.isEmpty()) {
      visit("", new Tree.Wanted("/", tree.root()), null);
      return;
    }
    boolean wildcardFollows = selector.wildcard() && !prefix.equals(selector.path());
    Tree.Place base = tree.resolve(prefix, wildcardFollows);
    TreeNode node = base.node();
    if (node != null) {
      visit(prefix, new Tree.Wanted(base.path(), node), null);
    }
  }

  /**
   * Visits an entry and what is below it.
   *
   * @param path as reported; empty for the root
   * @param matchedBase the path of the match that this is part of, or null when none was met yet
   */
  private void visit(String path, Tree.Wanted real, @Nullable String matchedBase)
      throws IOException {
    String base = matchedBase == null ? matchBase(path) : matchedBase;
    Picked self = null;
    // The root's header never counts.
    if (base != null && !path.isEmpty()) {
      Picked parent = parents.isEmpty() ? null : parents.getLast();
      self = new Picked(path, real, parent == null && selector.followLinks());
      if (matches(relative(path, base), self, parent)) {
        include(self);
      }
    }
    if (!real.node().isDirectory() || (base == null && depth(path) >= maxWildcardDepth)) {
      return;
    }
    if (self != null) {
      parents.add(self);
    }
    for (TreeNode child : tree.children(real.node(), real.path())) {
      visit(
          path + "/" + child.name,
          new Tree.Wanted(Tree.below(real.path(), child.name), child),
          base);
    }
    if (self != null) {
      parents.removeLast();
    }
  }

  /** What the patterns of this entry are relative to, or null when the wildcard does not match. */
  private @Nullable String matchBase(String path) {
    String wanted = selector.path().equals("/") ? "" : selector.path();
    if (!selector.wildcard() || wanted.isEmpty()) {
      return wanted;
    }
    return GoPathMatch.matches(wanted, path) ? path : null;
  }

  private static String relative(String path, String base) {
    return path.length() == base.length() ? "" : path.substring(base.length() + 1);
  }

  private boolean matches(String candidate, Picked self, @Nullable Picked parent) {
    if (!includes.isEmpty()) {
      var above = parent == null ? IgnorePatterns.Match.NONE : parent.includeMatch;
      self.includeMatch = includes.match(candidate, above);
      if (!self.includeMatch.matched()) {
        return false;
      }
    }
    if (!excludes.isEmpty()) {
      var above = parent == null ? IgnorePatterns.Match.NONE : parent.excludeMatch;
      self.excludeMatch = excludes.match(candidate, above);
      return !self.excludeMatch.matched();
    }
    return true;
  }

  private void include(Picked entry) {
    for (Picked parent : parents) {
      if (!parent.included) {
        parent.included = true;
        picked.add(parent);
      }
    }
    entry.included = true;
    picked.add(entry);
  }

  private void checkRequired() throws NotInTreeException {
    for (String required : selector.requiredPaths()) {
      if (picked.stream().noneMatch(entry -> entry.path.startsWith(required))) {
        throw NotInTreeException.of(required);
      }
    }
  }

  private byte[] combine() throws IOException {
    tree.hashAll(picked.stream().filter(entry -> !isFollowed(entry)).map(e -> e.real).toList());
    if (picked.isEmpty()) {
      return Hashes.NOTHING;
    }
    String name = SlashPath.base(selector.path());
    if (picked.size() == 1 && name.equals(SlashPath.base(picked.getFirst().path))) {
      return digest(picked.getFirst());
    }
    MessageDigest hash = Hashes.sha256();
    for (Picked entry : picked) {
      String relative = entry.path.substring(prefix.length()).replace('/', '\0');
      hash.update(relative.isEmpty() ? new byte[1] : ByteNames.encode(relative));
      Hashes.updateText(hash, digest(entry));
    }
    return hash.digest();
  }

  private static boolean isFollowed(Picked entry) {
    return entry.followLinks && entry.real.node().kind == TreeNode.Kind.SYMLINK;
  }

  private byte[] digest(Picked entry) throws IOException {
    return isFollowed(entry)
        ? ContentHash.plainDigest(tree, entry.path, true)
        : Tree.ownDigest(entry.real.node());
  }
}
