package dev.kiln.snapshotter.layer;

import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.TreeCopy;
import java.io.IOException;

/** Brings one file of a lower tree into an upper folder, unchanged. */
final class CopyUp {
  private CopyUp() {}

  /**
   * Copies what is at {@code name} below {@code lower} to {@code path}, with all attributes.
   *
   * @throws IOException also when it does not exist, or is a folder
   */
  static void copy(String lower, String name, String path) throws IOException {
    int slash = name.lastIndexOf('/');
    try (Fd root = Fd.directory(lower);
        Fd folder =
            root.openBelow(
                slash < 0 ? "." : name.substring(0, slash),
                Fd.O_PATH | Fd.O_DIRECTORY,
                0,
                Fd.RESOLVE_IN_ROOT | Fd.RESOLVE_NO_MAGICLINKS)) {
      String source = folder.procPath() + "/" + name.substring(slash + 1);
      FileStatus status = FileStatus.of(source);
      if (status.isDirectory()) {
        throw new IOException("could not unpack layer: a hard link to the folder " + name);
      }
      TreeCopy.one(source, path);
    }
  }
}
