package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Random trees, and descriptions of trees to compare. */
final class Trees {
  private static final String[] NAMES = {
    "a", "b", "a-b", "a.b", "B", "é", "a b", "z.txt", "日本", "A!"
  };

  private final Random random;
  private final List<Path> files = new ArrayList<>();

  Trees(long seed) {
    random = new Random(seed);
  }

  /** Adds random entries to a directory, and changes or removes some that are there. */
  void stir(Path directory, int depth) throws IOException {
    for (int i = 0; i < 6; i++) {
      Path path = directory.resolve(NAMES[random.nextInt(NAMES.length)]);
      boolean directoryThere = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      if (directoryThere && depth > 0 && random.nextInt(3) > 0) {
        stir(path, depth - 1);
        continue;
      }
      dev.kiln.snapshotter.linux.FileTree.remove(path.toString());
      files.removeIf(file -> file.startsWith(path));
      make(path, depth);
    }
  }

  private void make(Path path, int depth) throws IOException {
    String name = path.toString();
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> {
        Files.createDirectory(path);
        if (depth > 0) {
          stir(path, depth - 1);
        }
      }
      case 3 -> NodeCalls.makeSymlink(NAMES[random.nextInt(NAMES.length)] + "/..", name);
      case 4 -> {
        if (!files.isEmpty()) {
          NodeCalls.makeLink(files.get(random.nextInt(files.size())).toString(), name);
        }
        return;
      }
      case 5 -> NodeCalls.makeNode(name, FileStatus.FIFO | 0600, 0, 0);
      case 6 -> {
        return;
      }
      default -> {
        byte[] content =
            new byte[random.nextInt(4) == 0 ? random.nextInt(700_000) : random.nextInt(90)];
        random.nextBytes(content);
        Files.write(path, content);
        files.add(path);
      }
    }
    dress(name);
  }

  private void dress(String path) throws IOException {
    FileStatus status = FileStatus.of(path);
    NodeCalls.setOwner(path, random.nextInt(3), random.nextInt(3));
    if (!status.isSymlink()) {
      NodeCalls.setPermissions(path, new int[] {0755, 0644, 04711, 0555, 01777}[random.nextInt(5)]);
    }
    if (status.isRegular() && random.nextInt(3) == 0) {
      XattrCalls.set(path, "user.test", new byte[] {1, (byte) random.nextInt(9)});
    }
    NodeCalls.setBothTimes(path, 1_000_000_000L + random.nextInt(1000), random.nextInt(1000));
  }

  /** Everything that a transfer keeps, a line for each entry. */
  static List<String> describe(Path root) throws IOException {
    List<String> lines = new ArrayList<>();
    describe(root, "", lines, new HashMap<>());
    return lines;
  }

  private static void describe(Path root, String path, List<String> lines, Map<Long, String> inodes)
      throws IOException {
    for (String name : DirectoryEntries.sorted(root + "/" + path)) {
      String child = path.isEmpty() ? name : path + "/" + name;
      String file = root + "/" + child;
      FileStatus status = FileStatus.of(file);
      String line =
          "%s %o %d:%d".formatted(child, status.mode(), status.uid(), status.gid())
              + " "
              + status.mtimeSeconds()
              + "."
              + status.mtimeNanos();
      if (status.isSymlink()) {
        line += " -> " + NodeCalls.readLink(file);
      } else if (status.isRegular()) {
        line += " same as " + inodes.computeIfAbsent(status.inode(), _ -> child);
        line += " " + java.util.Arrays.hashCode(Files.readAllBytes(Path.of(file)));
        for (String xattr : XattrCalls.list(file)) {
          line += " " + xattr + "=" + HexFormat.of().formatHex(XattrCalls.get(file, xattr));
        }
      }
      lines.add(line);
      if (status.isDirectory()) {
        describe(root, child, lines, inodes);
      }
    }
    lines.sort((a, b) -> ByteNames.compare(a, b));
  }
}
