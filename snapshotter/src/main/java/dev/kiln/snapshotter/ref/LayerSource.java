package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.layer.LayerDiff;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the tar stream of a ref's own layer from the trees on disk. Thread-safe. */
final class LayerSource {
  private final RefContext context;

  LayerSource(RefContext context) {
    this.context = context;
  }

  /**
   * Writes the layer; the ref and what it is compared with must be unpacked.
   *
   * @param latest files get at most this time, or null
   */
  void write(RefRecord ref, OutputStream out, @Nullable Instant latest) throws IOException {
    switch (context.locked(() -> ref.kind)) {
      case RefKind.OneLayer(var parent, var foreign) ->
          writeLayer(ref, context.held(parent), out, latest);
      case RefKind.Diff(var lower, var upper, var walked) ->
          writeTrees(context.held(lower), context.held(upper), out, latest);
      case RefKind.Merge merge -> throw noLayer(ref);
      case RefKind.Mutable mutable -> throw noLayer(ref);
      case RefKind.Frozen frozen -> throw noLayer(ref);
    }
  }

  private static IllegalStateException noLayer(RefRecord ref) {
    return new IllegalStateException("ref " + ref.id + " has no layer of its own");
  }

  private void writeLayer(
      RefRecord ref, @Nullable RefRecord parent, OutputStream out, @Nullable Instant latest)
      throws IOException {
    String snapshot = context.look(() -> ref.snapshot);
    Optional<String> folder =
        snapshot == null ? Optional.empty() : context.snapshotter().upperDirectory(snapshot);
    if (folder.isEmpty()) {
      writeTrees(parent, ref, out, latest);
      return;
    }
    try (MountPoint below = context.open(parent)) {
      LayerDiff.ofUpperFolder(
          out, below == null ? null : below.path(), Path.of(folder.get()), latest);
    }
  }

  private void writeTrees(
      @Nullable RefRecord lower,
      @Nullable RefRecord upper,
      OutputStream out,
      @Nullable Instant latest)
      throws IOException {
    try (MountPoint below = context.open(lower);
        MountPoint above = context.open(upper);
        EmptyFolder empty = new EmptyFolder(context.mounts())) {
      LayerDiff.ofTrees(
          out,
          below == null ? null : below.path(),
          above == null ? empty.path() : above.path(),
          latest);
    }
  }

  /** Stands for a tree that does not exist. */
  private static final class EmptyFolder implements AutoCloseable {
    private final Path path;

    EmptyFolder(Path parent) throws IOException {
      path = Files.createTempDirectory(parent, "empty");
    }

    Path path() {
      return path;
    }

    @Override
    public void close() throws IOException {
      Files.deleteIfExists(path);
    }
  }
}
