package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.pattern.BadPatternException;
import dev.kiln.snapshotter.pattern.GoPathMatch;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds what must be sent so that some paths can be followed on the other side: each symlink on the
 * way and each final path. Links are taken within the root; path elements may have wildcards.
 */
final class FollowLinks {
  private static final String ROOT = ".";

  private final String root;
  private final Set<String> found = new HashSet<>();

  private FollowLinks(String root) {
    this.root = root;
  }

  /** The paths, sorted, without those below others; empty when one of them is the root itself. */
  static List<String> resolve(String root, List<String> paths) throws IOException {
    FollowLinks links = new FollowLinks(root);
    for (String path : paths) {
      links.follow(path);
    }
    List<String> sorted = new ArrayList<>(links.found);
    sorted.sort(ByteNames::compare);
    return withoutNested(sorted);
  }

  /** Leaves out each path that follows one of its parents; empty when one is the root. */
  static List<String> withoutNested(List<String> paths) {
    List<String> kept = new ArrayList<>();
    String last = "";
    for (String path : paths) {
      if (path.equals(ROOT)) {
        return List.of();
      }
      if (!path.startsWith(last + "/")) {
        kept.add(path);
        last = path;
      }
    }
    return kept;
  }

  private void follow(String path) throws IOException {
    String rest = SlashPath.absolute(path).substring(1);
    String current = "";
    if (rest.isEmpty()) {
      found.add(ROOT);
      return;
    }
    while (true) {
      int slash = rest.indexOf('/');
      String part = slash < 0 ? rest : rest.substring(0, slash);
      rest = slash < 0 ? "" : rest.substring(slash + 1);
      current = current.isEmpty() ? part : current + "/" + part;
      List<String> targets = targets(current);
      if (!targets.isEmpty()) {
        if (found.add(current)) {
          for (String target : targets) {
            follow(target + "/" + rest);
          }
        }
        return;
      }
      if (rest.isEmpty()) {
        found.add(current);
        return;
      }
    }
  }

  /** Where the symlinks lead that a path names, whose last element may be a wildcard. */
  private List<String> targets(String path) throws IOException {
    String base = SlashPath.base(path);
    String parent = path.length() == base.length() ? "" : SlashPath.dir(path);
    if (!GoPathMatch.hasWildcard(base)) {
      return target(path, parent);
    }
    List<String> targets = new ArrayList<>();
    try {
      for (DirectoryEntries.Entry entry : DirectoryEntries.sortedEntries(root + "/" + parent)) {
        if (matches(base, entry.name())) {
          targets.addAll(target(SlashPath.join(parent, entry.name()), parent));
        }
      }
    } catch (LinuxException e) {
      if (!e.notFound()) {
        throw e;
      }
    }
    return targets;
  }

  private static boolean matches(String pattern, String name) {
    try {
      return GoPathMatch.matches(pattern, name);
    } catch (BadPatternException e) {
      return false;
    }
  }

  private List<String> target(String path, String parent) throws LinuxException {
    FileStatus status = FileStatus.find(root + "/" + path);
    if (status == null || !status.isSymlink()) {
      return List.of();
    }
    String link = NodeCalls.readLink(root + "/" + path);
    return List.of(SlashPath.absolute(link.startsWith("/") ? link : parent + "/" + link));
  }
}
