package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.layer.UpperFolder;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the layers of a merge or a diff can be stacked as they are. A layer that does not
 * stand on what it was made on may hold traces of that: whiteouts of files that are not there,
 * which overlayfs lists in folders that no other layer has, and copies of folders that it did not
 * change.
 */
final class Displaced {
  /**
   * The text that a layer carries whose tree lacks deletions, since nothing was below to delete.
   */
  static final String STRAY_DELETIONS = "kiln.stray-deletions";

  private final RefContext context;

  Displaced(RefContext context) {
    this.context = context;
  }

  /**
   * Whether a stack of these unpacked layers, lowest first, shows what applying them would give.
   */
  boolean fit(List<RefRecord> layers) throws IOException {
    List<String> below = new ArrayList<>();
    boolean inPlace = true;
    for (int i = 0; i < layers.size(); i++) {
      RefRecord layer = layers.get(i);
      RefRecord parent = parent(layer);
      boolean follows = inPlace && i > 0 && parent == layers.get(i - 1);
      inPlace = follows || standsOn(parent, layers.subList(0, i));
      Optional<String> folder = folder(layer);
      boolean elsewhere = context.locked(() -> deletesElsewhere(layer));
      if (folder.isEmpty() || (!inPlace && elsewhere)) {
        return false;
      }
      if (!inPlace && parent != null) {
        try (MountPoint origin = context.open(parent)) {
          String path = origin == null ? null : origin.path().toString();
          if (!UpperFolder.fits(folder.get(), path, below)) {
            return false;
          }
        }
      }
      below.add(folder.get());
    }
    return true;
  }

  /** Whether a layer with this parent was made on just these layers. */
  private boolean standsOn(@Nullable RefRecord parent, List<RefRecord> below) {
    return parent == null
        ? below.isEmpty()
        : context.locked(() -> context.table().layers(parent)).equals(below);
  }

  /** Whether the layer's blob deletes more than its tree tells; under the table's lock. */
  static boolean deletesElsewhere(RefRecord layer) {
    return layer.meta.containsKey(STRAY_DELETIONS);
  }

  private @Nullable RefRecord parent(RefRecord layer) {
    return context.look(
        () ->
            layer.kind instanceof RefKind.OneLayer(var parent, var foreign) && parent != null
                ? context.table().held(parent)
                : null);
  }

  private Optional<String> folder(RefRecord layer) throws IOException {
    String snapshot = context.look(() -> layer.snapshot);
    return snapshot == null ? Optional.empty() : context.snapshotter().upperDirectory(snapshot);
  }
}
