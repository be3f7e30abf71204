package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.pattern.SlashPath;
import dev.kiln.wire.fsutil.Stat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The order of entries, and a check that a sender keeps to it: paths are clean and stay below the
 * root, a directory comes before what it holds, names ascend, links name files that came before.
 */
final class EntryOrder {
  private final List<Directory> open = new ArrayList<>();
  private final Set<String> files = new HashSet<>();

  private static final class Directory {
    final String path;
    String last = "";

    Directory(String path) {
      this.path = path;
    }
  }

  EntryOrder() {
    open.add(new Directory(""));
  }

  /** Compares paths as the protocol does: by bytes, but with the slash before all others. */
  static int compare(String a, String b) {
    int n = Math.min(a.length(), b.length());
    int i = 0;
    while (i < n && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    if (i == n) {
      return a.length() - b.length();
    }
    if (a.charAt(i) == '/' || b.charAt(i) == '/') {
      return a.charAt(i) == '/' ? -1 : 1;
    }
    return ByteNames.compare(a.substring(i), b.substring(i));
  }

  /** Checks the next entry. */
  void check(Stat entry) throws IOException {
    String path = entry.getPath();
    checkPath(path);
    int slash = path.lastIndexOf('/');
    String parent = slash < 0 ? "" : path.substring(0, slash);
    String name = path.substring(slash + 1);
    Directory last = open.getLast();
    while (open.size() > 1 && !open.getLast().path.equals(parent)) {
      last = open.removeLast();
    }
    Directory directory = open.getLast();
    if (!directory.path.equals(parent) || ByteNames.compare(directory.last, name) >= 0) {
      throw new IOException(
          "changes out of order: \""
              + path
              + "\" \""
              + SlashPath.join(last.path, last.last)
              + "\"");
    }
    directory.last = name;
    if (GoMode.isDirectory(entry.getMode())) {
      open.add(new Directory(path));
    } else if (!GoMode.isSymlink(entry.getMode())) {
      checkLink(entry);
    }
  }

  private static void checkPath(String path) throws IOException {
    String problem =
        path.startsWith("/")
            ? "absolute path"
            : path.equals("..") || path.startsWith("../")
                ? "escape check"
                : !path.equals(SlashPath.clean(path)) || path.equals(".") || path.indexOf('\0') >= 0
                    ? "unclean path"
                    : "";
    if (!problem.isEmpty()) {
      throw new IOException(problem + " " + path + ": invalid argument");
    }
  }

  private void checkLink(Stat entry) throws IOException {
    if (entry.getLinkname().isEmpty()) {
      files.add(entry.getPath());
    } else if (!files.contains(entry.getLinkname())) {
      throw new IOException(
          "invalid link " + entry.getPath() + " to unknown path: \"" + entry.getLinkname() + "\"");
    }
  }
}
