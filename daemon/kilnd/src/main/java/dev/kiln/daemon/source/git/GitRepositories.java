package dev.kiln.daemon.source.git;

import dev.kiln.daemon.source.KeyLocks;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bare repositories, one for each remote, that keep what was fetched for the next build. Safe for
 * use by many threads; one at a time works with a repository.
 */
final class GitRepositories {
  private static final Logger LOG = LoggerFactory.getLogger(GitRepositories.class);
  private static final String META_REMOTE = "git-remote";

  private final RefStore refs;
  private final Path mountFolder;
  private final KeyLocks locks = new KeyLocks();

  GitRepositories(RefStore refs, Path mountFolder) {
    this.refs = refs;
    this.mountFolder = mountFolder;
  }

  /** Keeps others from a remote. */
  KeyLocks.Held lock(String remote) throws InterruptedException {
    return locks.lock(remote);
  }

  /** A repository in use. */
  static final class Opened implements AutoCloseable {
    private final List<AutoCloseable> parts;
    private final Path path;

    private Opened(List<AutoCloseable> parts, Path path) {
      this.parts = parts;
      this.path = path;
    }

    Path path() {
      return path;
    }

    @Override
    public void close() {
      closeAll(parts);
    }
  }

  /**
   * Opens the repository of a remote, made if need be. The caller holds the remote's lock.
   *
   * @param git without repository
   * @param sha256 how a new repository names its objects
   * @param anew whether what was fetched before is to be forgotten
   */
  Opened open(String remote, Git git, boolean sha256, boolean anew)
      throws IOException, InterruptedException {
    MutableRef ref = anew ? forget(remote) : former(remote);
    boolean fresh = ref == null;
    if (ref == null) {
      ref =
          refs.newMutable(
              null,
              RefOptions.described("shared git repo for " + GitOptions.redacted(remote))
                  .retained());
    }
    List<AutoCloseable> parts = new ArrayList<>(List.of(ref));
    try {
      RefMount mount = ref.mount();
      parts.add(mount);
      MountPoint point = MountPoint.open(mount.mounts(), mountFolder);
      parts.add(point);
      if (fresh) {
        initialize(git.in(point.path()), sha256);
        git.in(point.path()).run("remote", "add", "origin", remote);
        ref.putMeta(META_REMOTE, remote);
      }
      return new Opened(parts, point.path());
    } catch (IOException | InterruptedException | RuntimeException e) {
      closeAll(parts);
      throw e;
    }
  }

  /** Makes an empty bare repository. */
  static void initialize(Git git, boolean sha256) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("-c", "init.defaultBranch=master", "init", "--bare"));
    if (sha256) {
      command.add("--object-format=sha256");
    }
    git.run(command);
  }

  private @org.jspecify.annotations.Nullable MutableRef former(String remote) throws IOException {
    for (String id : refs.findByMeta(META_REMOTE, remote)) {
      try {
        return refs.getMutable(id);
      } catch (RefException e) {
        LOG.debug("the repository of {} is gone or in use", GitOptions.redacted(remote));
      }
    }
    return null;
  }

  private @org.jspecify.annotations.Nullable MutableRef forget(String remote) throws IOException {
    for (String id : refs.findByMeta(META_REMOTE, remote)) {
      try (MutableRef ref = refs.getMutable(id)) {
        ref.removeMeta(META_REMOTE);
      } catch (RefException e) {
        LOG.debug("the repository of {} is gone or in use", GitOptions.redacted(remote));
      }
    }
    return null;
  }

  private static void closeAll(List<AutoCloseable> parts) {
    for (AutoCloseable each : parts.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        LOG.warn("could not release a git repository", e);
      }
    }
  }
}
