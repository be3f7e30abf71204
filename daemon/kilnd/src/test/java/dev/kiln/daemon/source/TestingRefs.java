package dev.kiln.daemon.source;

import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.ProviderLookup;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.ref.RefStores;
import dev.kiln.snapshotter.snapshot.FileRecords;
import dev.kiln.snapshotter.snapshot.RecordStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** A store of trees in a folder, for tests of sources. */
public final class TestingRefs implements AutoCloseable {
  private final RecordStore records;
  private final RefStore store;
  private final Path mounts;

  public TestingRefs(Path folder) throws IOException {
    this.records = FileRecords.open(folder.resolve("records.db"));
    this.store =
        RefStores.open(
            folder.resolve("state"),
            "native",
            records,
            ProviderLookup.NONE,
            Clock.systemUTC(),
            false);
    this.mounts = Files.createDirectories(folder.resolve("mounts"));
  }

  public RefStore store() {
    return store;
  }

  public Path mounts() {
    return mounts;
  }

  /** The paths in a tree, sorted, without those below {@code .git}. */
  public List<String> list(ImmutableRef tree) throws IOException {
    try (MountedRef mounted = new MountedRef(tree, mounts);
        Stream<Path> walk = Files.walk(Path.of(mounted.path()))) {
      Path root = Path.of(mounted.path());
      return walk.map(root::relativize)
          .map(Path::toString)
          .filter(path -> !path.isEmpty() && !path.startsWith(".git/"))
          .sorted()
          .toList();
    }
  }

  /** A file's text. */
  public String read(ImmutableRef tree, String path) throws IOException {
    try (MountedRef mounted = new MountedRef(tree, mounts)) {
      return Files.readString(Path.of(mounted.path()).resolve(path));
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    records.close();
  }
}
