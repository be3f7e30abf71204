package dev.kiln.snapshotter.fileop;

import dev.kiln.snapshotter.linux.Errno;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.pattern.SlashPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paths within a root. Symlinks are resolved as if the root were the whole file system, so no path
 * leads out of it. Components that do not exist are taken as they are. The result holds as long as
 * nobody else changes the tree.
 */
public final class RootScope {
  private static final int MAX_LINKS = 255;

  private final String root;

  /** A scope for a directory that exists; its own path may contain links. */
  public RootScope(Path root) {
    String path = root.toAbsolutePath().normalize().toString();
    this.root = path.equals("/") ? "" : path;
  }

  /** The path on disk of a path within the root, all symlinks followed. */
  public String resolve(String path) throws IOException {
    return resolve(path, true);
  }

  /** As {@link #resolve(String)}, but a symlink as the last component stays. */
  public String resolveParent(String path) throws IOException {
    return resolve(SlashPath.absolute(path), false);
  }

  /** As one or the other. */
  public String resolve(String path, boolean followLast) throws IOException {
    List<String> trail = new ArrayList<>();
    String rest = path;
    int links = 0;
    while (!rest.isEmpty()) {
      int slash = rest.indexOf('/');
      String part = slash < 0 ? rest : rest.substring(0, slash);
      rest = slash < 0 ? "" : rest.substring(slash + 1);
      if (part.equals("..")) {
        if (!trail.isEmpty()) {
          trail.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        trail.add(part);
        boolean follow = followLast || !rest.isEmpty();
        String here = onDisk(trail);
        FileStatus status = follow ? find(here) : null;
        if (status == null || !status.isSymlink()) {
          continue;
        }
        if (++links > MAX_LINKS) {
          throw new IOException("could not resolve " + path + ": too many links");
        }
        String link = NodeCalls.readLink(here);
        trail.removeLast();
        if (link.startsWith("/")) {
          trail.clear();
        }
        rest = link + "/" + rest;
      }
    }
    return onDisk(trail);
  }

  /** Null for what does not exist; a file on the way where a directory must be is an error. */
  private static @Nullable FileStatus find(String path) throws LinuxException {
    try {
      return FileStatus.of(path);
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  private String onDisk(List<String> trail) {
    if (trail.isEmpty()) {
      return root.isEmpty() ? "/" : root;
    }
    return root + "/" + String.join("/", trail);
  }

  /** The path within the root of a path on disk, unchanged if it is not in there. */
  public String within(String onDisk) {
    if (onDisk.equals(root)) {
      return "/";
    }
    return onDisk.startsWith(root + "/") ? onDisk.substring(root.length()) : onDisk;
  }

  /** The same failure with the path as it is within the root. */
  LinuxException inScope(LinuxException e) {
    String path = within(e.path());
    if (path.equals(e.path())) {
      return e;
    }
    LinuxException scoped = new LinuxException(e.errno(), e.call(), path);
    scoped.initCause(e);
    return scoped;
  }
}
