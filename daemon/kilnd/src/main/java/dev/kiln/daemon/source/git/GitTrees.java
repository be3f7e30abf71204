package dev.kiln.daemon.source.git;

import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RecordType;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes trees of commits that are in a repository. Safe for use by many threads. */
final class GitTrees {
  private final RefStore refs;
  private final Path mountFolder;

  GitTrees(RefStore refs, Path mountFolder) {
    this.refs = refs;
    this.mountFolder = mountFolder;
  }

  /** Fills a folder. */
  private interface Filler {
    void fill(Path root) throws IOException, InterruptedException;
  }

  /**
   * Checks a commit out.
   *
   * @param git with the repository
   * @param options with the ref filled in
   */
  ImmutableRef checkout(Git git, Path repository, GitOptions options, boolean sha256)
      throws IOException, InterruptedException {
    return make(
        RefOptions.described("git snapshot for " + options.shownRemote() + "#" + options.ref())
            .withType(RecordType.SOURCE_GIT_CHECKOUT),
        root -> fill(root, new GitCheckout(git, repository, options, sha256), options));
  }

  /** A tree with a bundle of a commit. */
  ImmutableRef bundle(Git git, Path repository, GitOptions options, boolean sha256)
      throws IOException, InterruptedException {
    return make(
        RefOptions.described(
            "git bundle checkout for " + options.shownRemote() + "#" + options.ref()),
        root -> GitBundles.write(git, repository, options, sha256, root, mountFolder));
  }

  private ImmutableRef make(RefOptions described, Filler filler)
      throws IOException, InterruptedException {
    try (MutableRef ref = refs.newMutable(null, described)) {
      try (RefMount mount = ref.mount();
          MountPoint point = MountPoint.open(mount.mounts(), mountFolder)) {
        filler.fill(point.path());
      }
      return ref.commit();
    }
  }

  private static void fill(Path root, GitCheckout checkout, GitOptions options)
      throws IOException, InterruptedException {
    if (options.subdir().isEmpty()) {
      checkout.into(root, options.keepGitDir());
    } else {
      Path aside = Files.createTempDirectory(root, "checkout");
      checkout.into(aside, false);
      moveUp(aside, options.subdir(), root);
      removeTree(aside);
    }
    if (options.mtime().equals("commit")) {
      setTimes(root, checkout.commitSeconds());
    }
  }

  /** Moves what is in a folder of the commit up to the root, through real folders only. */
  private static void moveUp(Path from, String subdir, Path root) throws IOException {
    Path folder = from;
    for (String part : subdir.split("/", -1)) {
      folder = folder.resolve(part);
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "invalid subdir "
                + subdir
                + ": failed to lstat \""
                + part
                + "\": no such file or directory");
      }
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(
            "invalid subdir "
                + subdir
                + ": git subpath \""
                + subdir
                + "\" contains non-directory \""
                + from.relativize(folder)
                + "\"");
      }
    }
    List<Path> children;
    try (Stream<Path> list = Files.list(folder)) {
      children = list.toList();
    }
    for (Path child : children) {
      Files.move(child, root.resolve(child.getFileName()));
    }
  }

  /** Removes a folder with all that is in it. */
  static void removeTree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  private static void setTimes(Path root, long seconds) throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(root)) {
      walk.forEach(all::add);
    }
    // Deepest first, as a folder's time changes with what is in it.
    for (Path each : all.reversed()) {
      NodeCalls.setBothTimes(each.toString(), seconds, 0);
    }
  }
}
