package dev.kiln.executor.runc;

import dev.kiln.executor.MountSource.Mounted;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.oci.RuntimeSpec.MountEntry;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.MountCalls;
import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mounts of one container besides its root, made ready for the runtime, until closed. Parts of
 * a source are bound to places of our own first, so that no link in a source that somebody else
 * changes meanwhile leads out of it. For one thread.
 */
final class OpMounts implements AutoCloseable {
  /** Options of one mount that the runtime passes on in a single page. */
  private static final int MAX_OPTION_CHARS = 4096 - 512;

  private final Path folder;
  private final Cleanup cleanup = new Cleanup();
  private final List<MountEntry> entries = new ArrayList<>();
  private final Map<List<Mount>, Path> visible = new HashMap<>();
  private int places;

  /**
   * Opens all sources.
   *
   * @param folder where places for mounts may be made; exists already
   */
  OpMounts(List<OpMount> mounts, Path folder) throws IOException {
    this.folder = folder;
    try {
      for (OpMount mount : mounts) {
        add(mount);
      }
    } catch (IOException | RuntimeException e) {
      cleanup.close();
      throw e;
    }
  }

  /** What the runtime is to mount, in the order of the op. */
  List<MountEntry> entries() {
    return entries;
  }

  private void add(OpMount mount) throws IOException {
    Mounted mounted = open(mount);
    cleanup.add("release the mount " + mount.destination(), mounted.release()::close);
    List<Mount> mounts =
        mount.readonly()
            ? mounted.mounts().stream().map(Mount::readOnly).toList()
            : mounted.mounts();
    String destination = Path.of("/").resolve(mount.destination()).normalize().toString();
    if (!isRoot(mount.selector())) {
      Path part = bindPart(mounts, mount.selector());
      mounts = List.of(Mount.bind(part.toString(), mount.readonly()));
    } else if (mounts.size() != 1 || tooLong(mounts.getFirst())) {
      mounts = List.of(Mount.bind(seen(mounts).toString(), mount.readonly()));
    }
    Mount only = mounts.getFirst();
    entries.add(
        new MountEntry(
            destination, only.isBind() ? "bind" : only.type(), only.source(), only.options()));
  }

  private static Mounted open(OpMount mount) throws IOException {
    try {
      return mount.source().open(mount.readonly());
    } catch (IOException e) {
      throw new IOException("failed to mount " + mount.destination() + ": " + e.getMessage(), e);
    }
  }

  private static boolean isRoot(String selector) {
    return Path.of("/").resolve(selector).normalize().equals(Path.of("/"));
  }

  private static boolean tooLong(Mount mount) {
    return mount.type().equals("overlay")
        && mount.options().stream().mapToInt(option -> option.length() + 1).sum()
            > MAX_OPTION_CHARS;
  }

  /** Where the tree is seen on the host; a source that serves several mounts is mounted once. */
  private Path seen(List<Mount> mounts) throws IOException {
    Path known = visible.get(mounts);
    if (known != null) {
      return known;
    }
    MountPoint point = MountPoint.open(mounts, folder);
    cleanup.add("unmount " + point.path(), point::close);
    visible.put(mounts, point.path());
    return point.path();
  }

  private Path bindPart(List<Mount> mounts, String selector) throws IOException {
    Path source = seen(mounts);
    String inside = Path.of("/").resolve(selector).normalize().toString().substring(1);
    try (Fd root = Fd.directory(source.toString());
        Fd part =
            root.openBelow(inside, Fd.O_PATH, 0, Fd.RESOLVE_IN_ROOT | Fd.RESOLVE_NO_MAGICLINKS)) {
      Path place = folder.resolve("part" + places++);
      if (Files.isDirectory(Path.of(part.procPath()))) {
        Files.createDirectory(place);
      } else {
        Files.createFile(place);
      }
      cleanup.add("remove " + place, () -> Files.deleteIfExists(place));
      MountCalls.mount(
          part.procPath(), place.toString(), "none", MountCalls.MS_BIND | MountCalls.MS_REC, "");
      cleanup.add(
          "unmount " + place, () -> MountCalls.unmount(place.toString(), MountCalls.MNT_DETACH));
      return place;
    }
  }

  @Override
  public void close() {
    cleanup.close();
  }
}
