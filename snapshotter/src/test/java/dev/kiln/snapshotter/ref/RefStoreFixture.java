package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.Root;
import dev.kiln.snapshotter.TreeText;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.snapshot.MemoryRecords;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A ref store in a folder of its own, and ways to make trees in it. */
abstract class RefStoreFixture {
  static final CompressionOptions GZIP = CompressionOptions.of(Compression.GZIP);

  @TempDir Path dir;
  final MemoryRecords records = new MemoryRecords();
  final Moving clock = new Moving();
  RefStore store;

  abstract String snapshotter();

  static final class Moving extends Clock {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void open() throws IOException {
    Root.assumeOverlay(dir);
    reopen();
  }

  void reopen() throws IOException {
    if (store != null) {
      store.close();
    }
    store =
        RefStores.open(
            dir.resolve("state"), snapshotter(), records, ProviderLookup.NONE, clock, false);
    Files.createDirectories(dir.resolve("mnt"));
  }

  @AfterEach
  void close() throws IOException {
    if (store != null) {
      store.close();
    }
  }

  interface Step {
    void on(Path root) throws IOException;
  }

  void write(MutableRef ref, Step step) throws IOException {
    try (RefMount mount = ref.mount();
        MountPoint at = MountPoint.open(mount.mounts(), dir.resolve("mnt"))) {
      step.on(at.path());
    }
  }

  ImmutableRef build(ImmutableRef parent, Step step) throws IOException {
    try (MutableRef ref = store.newMutable(parent, RefOptions.described("built"))) {
      write(ref, step);
      return ref.commit();
    }
  }

  ImmutableRef file(ImmutableRef parent, String name, String content) throws IOException {
    return build(
        parent,
        root -> {
          Files.createDirectories(root.resolve(name).getParent());
          Files.writeString(root.resolve(name), content);
        });
  }

  String text(ImmutableRef ref) throws IOException {
    try (RefMount mount = ref.mount(true);
        MountPoint at = MountPoint.open(mount.mounts(), dir.resolve("mnt"))) {
      return TreeText.of(at.path());
    }
  }

  List<String> names(ImmutableRef ref) throws IOException {
    return text(ref).lines().map(l -> l.substring(0, l.indexOf(' '))).toList();
  }

  void pruneAll() throws IOException {
    store.prune(PruneOptions.everything(), r -> {});
  }
}
