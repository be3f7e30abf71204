package dev.kiln.executor.rootfs;

import dev.kiln.snapshotter.fileop.RootScope;
import dev.kiln.snapshotter.linux.NodeCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Makes a process's working directory where it is missing. */
public final class WorkingDirectory {
  private static final int PERMISSIONS = 0755;

  private WorkingDirectory() {}

  /**
   * Makes the folder and its missing parents, all owned by the user.
   *
   * @throws IOException it leads to something that is not a folder
   */
  public static void ensure(Path root, String cwd, int uid, int gid) throws IOException {
    Path path = Path.of(new RootScope(root).resolve(cwd));
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = path; p != null && !Files.exists(p); p = p.getParent()) {
      missing.push(p);
    }
    for (Path folder : missing) {
      String name = folder.toString();
      NodeCalls.makeDirectory(name, PERMISSIONS);
      NodeCalls.setPermissions(name, PERMISSIONS);
      NodeCalls.setOwner(name, uid, gid);
    }
  }
}
