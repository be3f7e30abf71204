package dev.kiln.snapshotter;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A whole tree as text, one line a file with everything that a layer carries. */
public final class TreeText {
  private TreeText() {}

  public static String of(Path root) throws IOException {
    StringBuilder text = new StringBuilder();
    Map<Long, String> first = new HashMap<>();
    FileTree.walk(
        root.toString(),
        (path, status) -> {
          String name = path.substring(root.toString().length() + 1);
          text.append(line(name, path, status, first)).append('\n');
          return true;
        });
    return text.toString();
  }

  private static String line(String name, String path, FileStatus s, Map<Long, String> first) {
    try {
      StringBuilder line = new StringBuilder(name);
      line.append(' ').append(Integer.toOctalString(s.mode()));
      line.append(' ').append(s.uid()).append(':').append(s.gid());
      line.append(" t=").append(s.mtimeSeconds());
      switch (s.type()) {
        case FileStatus.REGULAR -> line.append(" content=").append(content(path));
        case FileStatus.SYMLINK -> line.append(" -> ").append(NodeCalls.readLink(path));
        case FileStatus.BLOCK_DEVICE, FileStatus.CHARACTER_DEVICE ->
            line.append(" dev=").append(s.rdevMajor()).append(',').append(s.rdevMinor());
        default -> {}
      }
      if (!s.isDirectory() && s.links() > 1) {
        line.append(" same=").append(first.computeIfAbsent(s.inode(), i -> name));
      }
      Map<String, byte[]> xattrs = new TreeMap<>();
      for (String key : XattrCalls.list(path)) {
        if (!key.startsWith("trusted.overlay.") && !key.equals("security.selinux")) {
          xattrs.put(key, XattrCalls.get(path, key));
        }
      }
      xattrs.forEach(
          (k, v) -> line.append(' ').append(k).append('=').append(HexFormat.of().formatHex(v)));
      return line.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(String path) throws IOException {
    String text = Files.readString(Path.of(path), java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.length() > 40 ? text.length() + "#" + text.hashCode() : text;
  }
}
