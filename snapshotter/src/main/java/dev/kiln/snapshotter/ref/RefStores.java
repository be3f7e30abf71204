package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.linux.Fd;
import dev.kiln.snapshotter.linux.FileTree;
import dev.kiln.snapshotter.snapshot.CopySnapshotter;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.snapshotter.snapshot.OverlaySnapshotter;
import dev.kiln.snapshotter.snapshot.RecordJournal;
import dev.kiln.snapshotter.snapshot.RecordStore;
import dev.kiln.snapshotter.snapshot.SnapshotException;
import dev.kiln.snapshotter.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens ref stores and brings records, snapshots and mounts to agree after a crash. */
public final class RefStores {
  private static final Logger LOG = LoggerFactory.getLogger(RefStores.class);

  private RefStores() {}

  /**
   * Opens the store under a folder: {@code content/}, {@code snapshots/}, {@code mounts/}. Records
   * whose snapshot is gone are dropped with what stands on them, snapshots without record are
   * removed in the background, mounts of a former process are undone. Closing the ref store leaves
   * {@code records} open.
   *
   * @param trusted whether the store was closed in order; if not, nothing is believed that the disk
   *     can tell better
   * @param snapshotter {@code overlayfs}, {@code native}, or {@code auto} for the best that works
   * @param records where refs and snapshots are recorded (keys {@code ref/} and {@code snapshot/})
   */
  public static RefStore open(
      Path root,
      String snapshotter,
      RecordStore records,
      ProviderLookup providers,
      Clock clock,
      boolean trusted)
      throws IOException {
    Path snapshots = Files.createDirectories(root.resolve("snapshots"));
    RecordJournal journal =
        new RecordJournal(
            records,
            () -> {
              try (Fd folder = Fd.directory(snapshots.toString())) {
                folder.syncFileSystem();
              }
            });
    Snapshotter opened =
        switch (snapshotter) {
          case "overlayfs" -> OverlaySnapshotter.open(snapshots, journal);
          case "auto" ->
              OverlaySnapshotter.isSupported(snapshots)
                  ? OverlaySnapshotter.open(snapshots, journal)
                  : CopySnapshotter.open(snapshots, journal);
          case "native" -> CopySnapshotter.open(snapshots, journal);
          default ->
              throw new IllegalArgumentException(
                  "unknown snapshotter " + snapshotter + "; use auto, overlayfs or native");
        };
    ContentStore content = ContentStore.open(root.resolve("content"), trusted);
    return open(root, opened, content, journal, providers, clock, trusted);
  }

  /** Opens the store over parts that were opened before; it closes snapshotter and journal. */
  public static RefStore open(
      Path root,
      Snapshotter snapshotter,
      ContentStore content,
      RecordJournal journal,
      ProviderLookup providers,
      Clock clock,
      boolean trusted)
      throws IOException {
    Path mounts = Files.createDirectories(root.resolve("mounts")).toRealPath();
    MountPoint.unmountAllBelow(mounts);
    try (var leftovers = Files.newDirectoryStream(mounts)) {
      for (Path leftover : leftovers) {
        removeLeftover(leftover);
      }
    }
    snapshotter.reconcile(trusted);
    RefTable table = new RefTable(journal);
    table.load();
    int dropped = table.settle(ref -> isSound(ref, snapshotter, trusted));
    if (dropped > 0) {
      LOG.warn(
          "dropped {} cache records whose trees are lost, or not known to be the same", dropped);
    }
    removeOrphans(table, snapshotter);
    return new LocalRefStore(
        new RefContext(
            table,
            snapshotter,
            content,
            journal,
            mounts,
            clock,
            providers,
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("kiln-removals").factory())));
  }

  /** What is left of mount points and of files that builds had there for a while. */
  private static void removeLeftover(Path leftover) {
    try {
      FileTree.remove(leftover.toString());
    } catch (IOException e) {
      LOG.warn("could not remove {}", leftover, e);
    }
  }

  /** A ref whose tree is gone is no good, unless it can be unpacked again. */
  private static boolean isSound(RefRecord ref, Snapshotter snapshotter, boolean trusted) {
    if (!trusted && ref.kind instanceof RefKind.Frozen) {
      // The tree may have been written to since, and its record may not have got away in time.
      return false;
    }
    String snapshot = ref.snapshot;
    if (snapshot == null || snapshotter.find(snapshot).isPresent()) {
      return true;
    }
    boolean lazyAgain =
        switch (ref.kind) {
          case RefKind.OneLayer(var parent, var foreign) -> foreign;
          case RefKind.Merge merge -> true;
          case RefKind.Diff diff -> true;
          case RefKind.Mutable mutable -> false;
          case RefKind.Frozen frozen -> false;
        };
    if (lazyAgain) {
      ref.snapshot = null;
    }
    return lazyAgain;
  }

  private static void removeOrphans(RefTable table, Snapshotter snapshotter) {
    Set<String> owned = new HashSet<>();
    table.all().forEach(r -> owned.add(String.valueOf(r.snapshot)));
    boolean removed = true;
    while (removed) {
      removed = false;
      for (Snapshotter.Status status : snapshotter.list()) {
        if (!owned.contains(status.key())) {
          removed |= removeOrphan(snapshotter, status.key());
        }
      }
    }
  }

  private static boolean removeOrphan(Snapshotter snapshotter, String key) {
    try {
      snapshotter.removeLater(key);
      return true;
    } catch (SnapshotException e) {
      // Others stand on it; their turn comes first.
      return false;
    } catch (IOException e) {
      LOG.warn("could not remove snapshot {} that no ref owns", key, e);
      return false;
    }
  }
}
