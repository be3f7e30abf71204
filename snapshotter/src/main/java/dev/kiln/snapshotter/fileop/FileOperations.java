package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the actions of a file step on mounted trees. Nobody else may change a tree meanwhile.
 * Failures of the system are {@link LinuxException}s that name paths within the root, in the words
 * that build clients know ({@code lstat /a: no such file or directory}). Thread-safe.
 */
public final class FileOperations {
  private static final int PERMISSIONS = 0777;

  private FileOperations() {}

  /** Copies from one tree into another (or the same). */
  public static void copy(Path sourceRoot, Path destinationRoot, CopyAction action)
      throws IOException {
    RootScope from = new RootScope(sourceRoot);
    RootScope to = new RootScope(destinationRoot);
    try {
      CopyRun.run(from, to, action);
    } catch (LinuxException e) {
      throw to.inScope(from.inScope(e));
    }
  }

  /** Makes a directory. */
  public static void makeDirectory(Path root, MakeDirectory action) throws IOException {
    RootScope scope = new RootScope(root);
    try {
      String path = scope.resolve(action.path());
      int mode = action.mode() & PERMISSIONS;
      if (action.makeParents()) {
        new DirectoryMaker(mode, action.owner(), action.timestamp()).makeAll(path);
      } else if (makeOne(path, mode)) {
        finish(path, action.owner(), action.timestamp());
      }
    } catch (LinuxException e) {
      throw scope.inScope(e);
    }
  }

  private static boolean makeOne(String path, int mode) throws LinuxException {
    try {
      NodeCalls.makeDirectory(path, mode);
    } catch (LinuxException e) {
      if (e.errno() == Errno.EEXIST) {
        return false;
      }
      throw e;
    }
    NodeCalls.setPermissions(path, mode);
    return true;
  }

  /** Writes a file. */
  public static void makeFile(Path root, MakeFile action) throws IOException {
    RootScope scope = new RootScope(root);
    try {
      String path = scope.resolve(action.path());
      boolean existed = FileStatus.find(path) != null;
      int flags = Fd.O_WRONLY | Fd.O_CREAT | Fd.O_TRUNC | Fd.O_NOFOLLOW;
      try (Fd file = Fd.open(path, flags, action.mode() & PERMISSIONS)) {
        if (!existed) {
          file.setPermissions(action.mode() & PERMISSIONS);
        }
        file.write(action.content(), 0, action.content().length);
      }
      finish(path, action.owner(), action.timestamp());
    } catch (LinuxException e) {
      throw scope.inScope(e);
    }
  }

  /** Makes a symlink. */
  public static void makeSymlink(Path root, MakeSymlink action) throws IOException {
    RootScope scope = new RootScope(root);
    try {
      String path = scope.resolve(action.path());
      NodeCalls.makeSymlink(action.target(), path);
      finish(path, action.owner(), action.timestamp());
    } catch (LinuxException e) {
      throw scope.inScope(e);
    }
  }

  private static void finish(String path, @Nullable Owner owner, @Nullable Instant timestamp)
      throws LinuxException {
    if (owner != null) {
      NodeCalls.setOwner(path, owner.uid(), owner.gid());
    }
    if (timestamp != null) {
      NodeCalls.setBothTimes(path, timestamp.getEpochSecond(), timestamp.getNano());
    }
  }

  /** Removes a path or all that match a pattern. */
  public static void remove(Path root, RemovePath action) throws IOException {
    RootScope scope = new RootScope(root);
    try {
      if (!action.allowWildcard()) {
        remove(scope, action.path(), action.allowNotFound());
        return;
      }
      for (String match : Wildcards.resolve(scope, SlashPath.absolute(action.path()), false)) {
        remove(scope, match, action.allowNotFound());
      }
    } catch (LinuxException e) {
      throw scope.inScope(e);
    }
  }

  private static void remove(RootScope scope, String path, boolean allowNotFound)
      throws IOException {
    String clean = SlashPath.absolute(path);
    if (clean.equals("/")) {
      throw new IOException("could not remove /: the root itself cannot be removed");
    }
    String target = scope.resolveParent(clean);
    if (!allowNotFound && FileStatus.find(target) == null) {
      throw new LinuxException(Errno.ENOENT, "stat", target);
    }
    FileTree.remove(target);
  }
}
