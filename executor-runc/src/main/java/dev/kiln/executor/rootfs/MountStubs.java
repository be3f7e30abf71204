package dev.kiln.executor.rootfs;

import dev.kiln.snapshotter.fileop.RootScope;
import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The empty files and folders that a runtime makes for mount points. Noted before a run and removed
 * after it, they do not show in the step's layer.
 */
public final class MountStubs {
  private static final Logger LOG = LoggerFactory.getLogger(MountStubs.class);
  private static final List<String> ALWAYS = List.of("/etc/resolv.conf", "/etc/hosts");

  private final RootScope scope;
  private final List<Path> missing;

  private MountStubs(RootScope scope, List<Path> missing) {
    this.scope = scope;
    this.missing = missing;
  }

  /**
   * Notes which mount points do not exist yet.
   *
   * @param root where the root file system is mounted
   * @param destinations of mounts, besides the name resolution files that every container has
   * @param recursive whether missing parents count as well
   */
  public static MountStubs before(Path root, Collection<String> destinations, boolean recursive) {
    RootScope scope = new RootScope(root);
    List<Path> missing = new ArrayList<>();
    Stream.concat(ALWAYS.stream(), destinations.stream())
        .forEach(destination -> note(scope, destination, recursive, missing));
    return new MountStubs(scope, missing);
  }

  private static void note(
      RootScope scope, String destination, boolean recursive, List<Path> missing) {
    Path path;
    try {
      path = Path.of(scope.resolve(destination));
    } catch (IOException e) {
      return; // the runtime will say what is wrong with it
    }
    for (Path p = path; p != null && isMissing(p); p = recursive ? p.getParent() : null) {
      missing.add(p);
    }
  }

  private static boolean isMissing(Path path) {
    return !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Removes those that are there now and still empty; keeps their parents' times. */
  public void remove() {
    for (Path stub : missing) {
      try {
        if (inPlace(stub) && isEmpty(stub)) {
          remove(stub);
        }
      } catch (IOException e) {
        LOG.warn("could not remove the mount point {}: {}", stub, e.getMessage());
      }
    }
  }

  /** Whether the path still leads there, the process having had its way with the tree. */
  private boolean inPlace(Path stub) throws IOException {
    String parent = parent(stub);
    return scope.resolve(scope.within(parent)).equals(parent);
  }

  private static boolean isEmpty(Path stub) throws IOException {
    if (Files.isDirectory(stub, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> children = Files.list(stub)) {
        return children.findAny().isEmpty();
      }
    }
    return Files.isRegularFile(stub, LinkOption.NOFOLLOW_LINKS) && Files.size(stub) == 0;
  }

  private static void remove(Path stub) throws IOException {
    String parent = parent(stub);
    FileStatus before = FileStatus.of(parent);
    Files.delete(stub);
    NodeCalls.setModified(parent, before.mtimeSeconds(), before.mtimeNanos());
  }

  private static String parent(Path stub) {
    return Objects.requireNonNull(stub.getParent(), "the root is no mount point").toString();
  }
}
