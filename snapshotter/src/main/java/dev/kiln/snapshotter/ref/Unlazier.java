package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.BlobMismatchException;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.LayerApply;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Turns lazy refs into trees: unpacks layers from the lowest up while the blobs of higher ones are
 * still fetched, and stacks merges. Each piece of work is done once, however many ask. Thread-safe.
 */
final class Unlazier {
  private final RefContext context;
  private final LayerSource source;
  private final BlobFetches fetches;
  private final SingleFlight<Boolean> unpacking = new SingleFlight<>();

  Unlazier(RefContext context, LayerSource source, BlobFetches fetches) {
    this.context = context;
    this.source = source;
    this.fetches = fetches;
  }

  boolean isUnpacked(RefRecord ref) {
    return context.locked(() -> ref.snapshot != null);
  }

  /** Makes the tree of a ref that the caller holds. */
  void unpack(RefRecord ref, LayerProgress progress) throws IOException {
    if (isUnpacked(ref)) {
      return;
    }
    List<RefRecord> lazy =
        context.locked(
            () -> context.table().layers(ref).stream().filter(l -> l.snapshot == null).toList());
    try (ExecutorService ahead = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (RefRecord layer : lazy) {
          // Unpacking joins each of these when its turn comes, and sees its failure then.
          var _ = ahead.submit(() -> fetchQuietly(layer, progress));
        }
        unpackOne(ref, progress);
      } finally {
        ahead.shutdownNow();
      }
    }
  }

  private void fetchQuietly(RefRecord layer, LayerProgress progress) {
    try {
      fetches.fetch(layer, progress);
    } catch (IOException | RuntimeException e) {
      // The unpacking of this layer meets the same failure, or tries again.
    }
  }

  /** Whether the tree is here, or everything that it is made of is here or can be brought. */
  boolean isReachable(RefRecord ref) {
    if (isUnpacked(ref) || context.locked(() -> ref.layersUnpacked)) {
      return true;
    }
    boolean allUnpacked = true;
    for (RefRecord layer : context.locked(() -> context.table().layers(ref))) {
      boolean unpacked = isUnpacked(layer);
      allUnpacked &= unpacked;
      Descriptor blob = context.look(layer::blob);
      boolean here = unpacked || (blob != null && fetches.canBring(layer, blob));
      boolean canBeCompared =
          context.locked(() -> layer.kind) instanceof RefKind.Diff(var lower, var upper, var walked)
              && sides(lower, upper).stream().allMatch(this::isReachable);
      if (!here && !canBeCompared) {
        return false;
      }
    }
    if (allUnpacked) {
      // Each step of a long chain is asked about, and each would walk down all of it every time.
      context.locked(() -> ref.layersUnpacked = true);
    }
    return true;
  }

  private void unpackOne(RefRecord ref, LayerProgress progress) throws IOException {
    if (isUnpacked(ref)) {
      return;
    }
    unpacking.run(
        ref.id,
        () -> {
          if (!isUnpacked(ref)) {
            make(ref, progress);
          }
          return true;
        });
  }

  private void make(RefRecord ref, LayerProgress progress) throws IOException {
    switch (context.locked(() -> ref.kind)) {
      case RefKind.OneLayer(var parent, var foreign) -> {
        for (RefRecord below : lazyBelow(parent)) {
          unpackOne(below, progress);
        }
        unpackLayer(ref, context.held(parent), progress);
      }
      case RefKind.Merge(var parents) -> {
        for (String parent : parents) {
          unpackOne(context.locked(() -> context.table().held(parent)), progress);
        }
        stack(ref);
      }
      case RefKind.Diff(var lower, var upper, var walked) -> {
        for (RefRecord side : sides(lower, upper)) {
          unpackOne(side, progress);
        }
        if (walked) {
          unpackWalkedDiff(ref);
        } else {
          stack(ref);
        }
      }
      case RefKind.Mutable mutable -> throw new IllegalStateException("mutable refs have a tree");
      case RefKind.Frozen frozen -> throw new IllegalStateException("frozen refs have a tree");
    }
  }

  private List<RefRecord> sides(@Nullable String lower, @Nullable String upper) {
    List<RefRecord> sides = new ArrayList<>(2);
    for (String side : new RefKind.Diff(lower, upper, false).parents()) {
      sides.add(context.locked(() -> context.table().held(side)));
    }
    return sides;
  }

  /** Lazy refs on the way down a chain, lowest first; a loop, since chains can be long. */
  private List<RefRecord> lazyBelow(@Nullable String parent) {
    return context.locked(
        () -> {
          List<RefRecord> found = new ArrayList<>();
          String at = parent;
          while (at != null) {
            RefRecord ref = context.table().held(at);
            if (ref.snapshot != null) {
              break;
            }
            found.add(ref);
            at = ref.kind instanceof RefKind.OneLayer(var next, var foreign) ? next : null;
          }
          return found.reversed();
        });
  }

  private void unpackLayer(RefRecord ref, @Nullable RefRecord parent, LayerProgress progress)
      throws IOException {
    fetches.fetch(ref, progress);
    Descriptor blob = context.look(ref::blob);
    if (blob == null) {
      throw new IllegalStateException("ref " + ref.id + " has neither tree nor blob");
    }
    progress.extractBegin(blob.digest());
    fill(
        ref,
        parent,
        target -> {
          try (InputStream in = context.content().openStream(blob.digest())) {
            Digest diffId = target.apply(in).diffId();
            Digest expected = context.look(ref::diffId);
            if (!diffId.equals(expected)) {
              throw new BlobMismatchException(
                  "could not unpack layer "
                      + blob.digest()
                      + ": its diff id is "
                      + diffId
                      + ", expected "
                      + expected);
            }
          }
        });
    progress.extractEnd(blob.digest());
  }

  private void unpackWalkedDiff(RefRecord ref) throws IOException {
    fill(ref, null, target -> TarPipe.run(out -> source.write(ref, out, null), target::apply));
  }

  private interface Target {
    LayerApply.Applied apply(InputStream layer) throws IOException;
  }

  private interface Filling {
    void into(Target target) throws IOException;
  }

  private void fill(RefRecord ref, @Nullable RefRecord parent, Filling filling) throws IOException {
    fill(ref, parent, context.table().newId(), filling);
  }

  /** Makes a snapshot with the given key, lets it be filled, and gives it to the ref. */
  private void fill(RefRecord ref, @Nullable RefRecord parent, String active, Filling filling)
      throws IOException {
    String below = parent == null ? null : context.look(() -> parent.snapshot);
    context.snapshotter().prepare(active, below);
    try {
      Optional<String> folder = context.snapshotter().upperDirectory(active);
      filling.into(
          layer -> {
            LayerApply.Applied applied =
                folder.isPresent()
                    ? intoFolder(layer, Path.of(folder.get()), parent)
                    : intoTree(layer, active);
            if (applied.strayDeletions()) {
              context.locked(() -> ref.meta.put(Displaced.STRAY_DELETIONS, "1"));
            }
            return applied;
          });
      context.snapshotter().commit(ref.id, active);
    } catch (IOException | RuntimeException e) {
      try {
        context.removeSnapshot(active);
      } catch (IOException also) {
        e.addSuppressed(also);
      }
      throw e;
    }
    unpacked(ref);
  }

  private void unpacked(RefRecord ref) {
    context.locked(
        () -> {
          ref.snapshot = ref.id;
          ref.size = -1;
          context.table().save(ref, true);
          return ref;
        });
  }

  private LayerApply.Applied intoFolder(InputStream layer, Path folder, @Nullable RefRecord parent)
      throws IOException {
    List<MountPoint> opened = new ArrayList<>(1);
    try {
      return LayerApply.toUpperFolder(
          layer,
          folder,
          () -> {
            MountPoint below = context.open(parent);
            if (below == null) {
              return null;
            }
            opened.add(below);
            return below.path();
          });
    } finally {
      for (MountPoint point : opened) {
        point.close();
      }
    }
  }

  private LayerApply.Applied intoTree(InputStream layer, String active) throws IOException {
    try (MountPoint point =
        MountPoint.open(context.snapshotter().mounts(active), context.mounts())) {
      return LayerApply.toTree(layer, point.path());
    }
  }

  private void applyTo(String active, RefRecord layer) throws IOException {
    Descriptor blob = context.look(layer::blob);
    if (blob != null && context.locked(() -> Displaced.deletesElsewhere(layer))) {
      fetches.fetch(layer, LayerProgress.NONE);
      try (InputStream in = context.content().openStream(blob.digest())) {
        intoTree(in, active);
      }
    } else {
      TarPipe.run(out -> source.write(layer, out, null), in -> intoTree(in, active));
    }
  }

  /** Stacks a ref's layers where that is possible, else applies them one after the other. */
  private void stack(RefRecord ref) throws IOException {
    List<RefRecord> layers = context.locked(() -> context.table().layers(ref));
    if (context.snapshotter().stacks() && new Displaced(context).fit(layers)) {
      List<String> keys =
          context.locked(() -> layers.stream().map(l -> String.valueOf(l.snapshot)).toList());
      context.snapshotter().merge(ref.id, keys);
      unpacked(ref);
    } else {
      String active = context.table().newId();
      fill(
          ref,
          null,
          active,
          _ -> {
            for (RefRecord layer : layers) {
              applyTo(active, layer);
            }
          });
    }
  }
}
