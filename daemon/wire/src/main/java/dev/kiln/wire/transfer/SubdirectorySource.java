package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.linux.ByteNames;
import dev.kiln.wire.fsutil.Stat;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Several trees, each in a directory of its own, such as one for each platform. */
public final class SubdirectorySource implements FileSource {
  private final Map<String, Directory> directories = new TreeMap<>(ByteNames::compare);

  private record Directory(Stat stat, FileSource files) {}

  /**
   * Adds a tree.
   *
   * @param stat of the directory; its path is a name that no other has
   */
  public SubdirectorySource add(Stat stat, FileSource files) {
    String name = stat.getPath();
    boolean named = !name.isEmpty() && name.indexOf('/') < 0;
    if (!named || !GoMode.isDirectory(stat.getMode()) || directories.containsKey(name)) {
      throw new IllegalArgumentException("not a new directory's name: " + name);
    }
    directories.put(name, new Directory(stat, files));
    return this;
  }

  @Override
  public void walk(Visitor visitor) throws IOException {
    for (Directory directory : directories.values()) {
      visitor.visit(directory.stat());
      String prefix = directory.stat().getPath() + "/";
      directory.files().walk(entry -> visitor.visit(below(prefix, entry)));
    }
  }

  /** Absolute links lead to the same file as before, seen from the directory that is the root. */
  private static Stat below(String prefix, Stat entry) {
    Stat.Builder moved = entry.toBuilder().setPath(prefix + entry.getPath());
    String link = entry.getLinkname();
    if (!link.isEmpty() && !GoMode.isSymlink(entry.getMode())) {
      moved.setLinkname(prefix + link);
    } else if (link.startsWith("/")) {
      moved.setLinkname("/" + prefix + link.substring(1));
    }
    return moved.build();
  }

  @Override
  public Content open(String path) throws IOException {
    int slash = path.indexOf('/');
    Directory directory = slash < 0 ? null : directories.get(path.substring(0, slash));
    if (directory == null) {
      throw new FileNotFoundException(path);
    }
    return directory.files().open(path.substring(slash + 1));
  }
}
