package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.pattern.BadPatternException;
import dev.kiln.snapshotter.pattern.GoPathMatch;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds the files that a path with wildcards means. */
final class Wildcards {
  private final String pattern;
  private final int maxDepth;
  private final List<String> matches = new ArrayList<>();

  private Wildcards(String pattern) {
    this.pattern = pattern;
    // A class may match a slash, so with one the depth says nothing.
    boolean anyDepth = pattern.indexOf('[') >= 0;
    this.maxDepth =
        anyDepth ? Integer.MAX_VALUE : 1 + (int) pattern.chars().filter(c -> c == '/').count();
  }

  /**
   * The paths within the root that match, in order; a path without wildcards stands for itself,
   * whether it exists or not. Nothing below a match is looked at.
   *
   * @param followLast whether links are followed in the part before the first wildcard to its end
   * @throws LinuxException when the part before the first wildcard does not exist
   */
  static List<String> resolve(RootScope scope, String path, boolean followLast) throws IOException {
    String clean = SlashPath.absolute(path);
    int split = firstWildcard(clean);
    if (split < 0) {
      return List.of(clean);
    }
    String start = scope.resolve(clean.substring(0, split), followLast);
    if (FileStatus.find(start) == null) {
      throw new LinuxException(Errno.ENOENT, "lstat", start);
    }
    Wildcards wildcards = new Wildcards(clean.substring(split + 1));
    wildcards.walk(start, "", 1);
    String prefix = scope.within(start);
    return wildcards.matches.stream().map(match -> SlashPath.join(prefix, match)).toList();
  }

  /** The index of the slash before the first element with a wildcard, or -1. */
  private static int firstWildcard(String path) {
    for (int slash = 0; slash >= 0; ) {
      int next = path.indexOf('/', slash + 1);
      if (GoPathMatch.hasWildcard(path.substring(slash + 1, next < 0 ? path.length() : next))) {
        return slash;
      }
      slash = next;
    }
    return -1;
  }

  private void walk(String directory, String prefix, int depth) throws LinuxException {
    if (!FileStatus.of(directory).isDirectory()) {
      return;
    }
    for (DirectoryEntries.Entry entry : DirectoryEntries.sortedEntries(directory)) {
      String relative = prefix + entry.name();
      String path = directory + "/" + entry.name();
      if (matches(relative)) {
        matches.add(relative);
      } else if (depth < maxDepth && isDirectory(entry, path)) {
        walk(path, relative + "/", depth + 1);
      }
    }
  }

  private static boolean isDirectory(DirectoryEntries.Entry entry, String path)
      throws LinuxException {
    return entry.type() == 0
        ? FileStatus.of(path).isDirectory()
        : entry.type() == FileStatus.DIRECTORY;
  }

  private boolean matches(String relative) {
    try {
      return GoPathMatch.matches(pattern, relative);
    } catch (BadPatternException e) {
      // Clients are used to a malformed pattern matching nothing here.
      return false;
    }
  }
}
