package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.LinuxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds files in a tree as a process confined to it would: no link leads out of the tree. */
public final class RootedPath {
  private RootedPath() {}

  /**
   * The real path of a file, all links followed inside the root.
   *
   * @param name relative or absolute, both mean below the root
   * @throws NoSuchFileException when there is no such file
   */
  public static Path resolve(Path root, String name) throws IOException {
    String relative = name;
    while (relative.startsWith("/")) {
      relative = relative.substring(1);
    }
    try (Fd directory = Fd.directory(root.toString());
        Fd file =
            directory.openBelow(
                relative.isEmpty() ? "." : relative,
                Fd.O_PATH,
                0,
                Fd.RESOLVE_IN_ROOT | Fd.RESOLVE_NO_MAGICLINKS)) {
      return Files.readSymbolicLink(Path.of(file.procPath()));
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        throw new NoSuchFileException(name);
      }
      throw e;
    }
  }
}
