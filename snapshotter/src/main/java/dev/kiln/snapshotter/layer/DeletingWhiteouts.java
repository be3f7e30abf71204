package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.DirectoryEntries;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Deletions carried out at once, for trees that are complete by themselves. */
final class DeletingWhiteouts implements WhiteoutForm {
  /** What this layer brought, and the folders above. */
  private final Set<String> own = new HashSet<>();

  @Override
  public void whiteout(String name, String path) throws IOException {
    if (!own.contains(name)) {
      FileTree.remove(path);
      return;
    }
    FileStatus there = FileStatus.find(path);
    if (there != null && there.isDirectory()) {
      opaque(name, path);
    }
  }

  @Override
  public boolean stray() {
    return false; // what was there is gone, and nobody asks for more
  }

  @Override
  public void opaque(String name, String path) throws IOException {
    for (String child : DirectoryEntries.sorted(path)) {
      whiteout(name.isEmpty() ? child : name + "/" + child, path + "/" + child);
    }
  }

  @Override
  public void directoryReplaced(String path) {}

  @Override
  public void unpacked(String name) {
    String at = name;
    while (own.add(at) && at.contains("/")) {
      at = at.substring(0, at.lastIndexOf('/'));
    }
  }
}
