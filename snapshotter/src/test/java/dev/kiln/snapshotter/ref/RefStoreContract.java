package dev.kiln.snapshotter.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the ref store promises of layers and of trees, whatever the snapshotter. */
abstract class RefStoreContract extends RefStoreFixture {
  /** Pretends that the blobs are somewhere else and counts how often they are fetched. */
  private final class Remote implements BlobProvider {
    final Map<Digest, byte[]> blobs = new HashMap<>();
    final AtomicInteger fetches = new AtomicInteger();

    void take(List<LayerBlob> layers) throws IOException {
      for (LayerBlob layer : layers) {
        Digest digest = layer.descriptor().digest();
        blobs.put(digest, store.content().read(digest, 1 << 30));
      }
    }

    @Override
    public void fetch(Descriptor blob, dev.kiln.snapshotter.content.ContentStore.Writer target)
        throws IOException {
      fetches.incrementAndGet();
      byte[] bytes = blobs.get(blob.digest());
      target.write(bytes, 0, bytes.length);
    }
  }

  private ImmutableRef pull(List<LayerBlob> layers, BlobProvider provider) throws IOException {
    ImmutableRef at = null;
    for (LayerBlob layer : layers) {
      ImmutableRef next =
          store.layer(
              at,
              layer.descriptor(),
              layer.diffId(),
              provider,
              RefOptions.described("pulled from somewhere"));
      if (at != null) {
        at.close();
      }
      at = next;
    }
    return at;
  }

  @Test
  void builtLayersExportAndComeBack() throws IOException {
    List<LayerBlob> layers;
    String expected;
    Remote remote = new Remote();
    try (ImmutableRef one = file(null, "a/one", "1");
        ImmutableRef two =
            build(
                one,
                root -> {
                  Files.delete(root.resolve("a/one"));
                  Files.writeString(root.resolve("two"), "2");
                })) {
      layers = two.remote(GZIP);
      assertThat(layers).hasSize(2);
      assertThat(layers.get(0).descriptor().annotation(LayerBlob.UNCOMPRESSED))
          .isEqualTo(layers.get(0).diffId().text());
      assertThat(two.remote(GZIP)).isEqualTo(layers);
      remote.take(layers);
      expected = text(two);
      try (ImmutableRef twin = pull(layers, remote)) {
        assertThat(twin.id()).isEqualTo(two.id());
      }
    }
    pruneAll();
    assertThat(store.usage(List.of())).isEmpty();
    assertThat(store.content().list()).isEmpty();
    try (ImmutableRef pulled = pull(layers, remote)) {
      assertThat(pulled.isLazy()).isTrue();
      assertThat(pulled.remote(GZIP)).hasSize(2);
      assertThat(remote.fetches).hasValue(0);
      assertThat(text(pulled)).isEqualTo(expected);
      assertThat(remote.fetches).hasValue(2);
      assertThat(pulled.isLazy()).isFalse();
    }
  }

  @Test
  void manyAskersUnpackOnce() throws Exception {
    Remote remote = new Remote();
    List<LayerBlob> layers;
    try (ImmutableRef one = file(null, "one", "1")) {
      layers = one.remote(GZIP);
      remote.take(layers);
    }
    pruneAll();
    AtomicInteger extracted = new AtomicInteger();
    LayerProgress progress =
        new LayerProgress() {
          @Override
          public void extractEnd(Digest blob) {
            extracted.incrementAndGet();
          }
        };
    try (ImmutableRef pulled = pull(layers, remote);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<java.util.concurrent.Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        all.add(
            threads.submit(
                () -> {
                  pulled.ensureExtracted(progress);
                  return 0;
                }));
      }
      for (var one : all) {
        one.get();
      }
    }
    assertThat(extracted).hasValue(1);
    assertThat(remote.fetches).hasValue(1);
  }

  @Test
  void wrongBytesAreRefused() throws IOException {
    Remote remote = new Remote();
    List<LayerBlob> layers;
    try (ImmutableRef one = file(null, "one", "1")) {
      layers = one.remote(GZIP);
      remote.take(layers);
    }
    pruneAll();
    remote.blobs.replaceAll(
        (d, bytes) -> {
          byte[] broken = bytes.clone();
          broken[20] ^= 1;
          return broken;
        });
    try (ImmutableRef pulled = pull(layers, remote)) {
      assertThatThrownBy(() -> text(pulled)).hasMessageContaining("unexpected digest");
      assertThat(pulled.isLazy()).isTrue();
    }
  }

  @Test
  void retainedMutableComesBackAndCanBeFrozen() throws IOException {
    String id;
    try (MutableRef cache =
        store.newMutable(null, RefOptions.described("cache").retained().withMeta("key", "v"))) {
      id = cache.id();
      write(cache, root -> Files.writeString(root.resolve("f"), "1"));
      assertThatThrownBy(() -> store.getMutable(id))
          .isInstanceOfSatisfying(
              RefException.class,
              e -> assertThat(e.reason()).isEqualTo(RefException.Reason.LOCKED));
    }
    assertThat(store.findByMeta("key", "v")).containsExactly(id);
    ImmutableRef frozen;
    try (MutableRef cache = store.getMutable(id)) {
      write(cache, root -> Files.writeString(root.resolve("g"), "2"));
      frozen = cache.commit();
    }
    assertThat(names(frozen)).containsExactly("f", "g");
    assertThatThrownBy(() -> store.getMutable(id)).isInstanceOf(RefException.class);
    frozen.close();
    try (MutableRef cache = store.getMutable(id)) {
      write(cache, root -> Files.delete(root.resolve("f")));
      frozen = cache.commit();
    }
    try (ImmutableRef child = file(frozen, "h", "3")) {
      frozen.close();
      assertThat(names(child)).containsExactly("g", "h");
      assertThat(child.layerChain()).hasSize(2);
    }
    assertThatThrownBy(() -> store.getMutable(id)).isInstanceOf(RefException.class);
  }

  @Test
  void droppedMutableLeavesNothing() throws IOException {
    try (MutableRef ref = store.newMutable(null, RefOptions.NONE)) {
      write(ref, root -> Files.writeString(root.resolve("f"), "1"));
    }
    assertThat(store.usage(List.of())).isEmpty();
  }

  @Test
  void writableLookDoesNotChangeTheRef() throws IOException {
    try (ImmutableRef one = file(null, "one", "1")) {
      try (RefMount mount = one.mount(false);
          MountPoint at = MountPoint.open(mount.mounts(), dir.resolve("mnt"))) {
        Files.writeString(at.path().resolve("two"), "2");
      }
      assertThat(names(one)).containsExactly("one");
    }
  }

  @Test
  void everythingSurvivesAReopen() throws IOException {
    String id;
    String expected;
    try (ImmutableRef one = file(null, "one", "1");
        ImmutableRef two = file(one, "two", "2");
        ImmutableRef merged = store.merge(List.of(one, two), RefOptions.NONE)) {
      two.putMeta("k", "v");
      expected = text(two);
      id = two.id();
      text(merged);
    }
    MutableRef unfinished = store.newMutable(null, RefOptions.NONE);
    reopen();
    unfinished.close();
    assertThat(store.usage(List.of())).hasSize(3);
    assertThat(store.findByMeta("k", "v")).containsExactly(id);
    try (ImmutableRef two = store.get(id)) {
      assertThat(text(two)).isEqualTo(expected);
    }
    pruneAll();
    try (var left = Files.list(dir.resolve("state/snapshots"))) {
      assertThat(left.filter(f -> !f.getFileName().toString().startsWith("gone-"))).isEmpty();
    }
  }

  @Test
  void recordsWithoutDataGoWithWhatStandsOnThem() throws IOException {
    String keep;
    try (ImmutableRef one = file(null, "one", "1");
        ImmutableRef two = file(one, "two", "2");
        ImmutableRef other = file(null, "other", "o")) {
      keep = other.id();
      two.description();
    }
    store.close();
    store = null;
    try (var folders = Files.list(dir.resolve("state/snapshots"))) {
      Path first = folders.sorted().findFirst().orElseThrow();
      dev.kiln.snapshotter.linux.FileTree.remove(first.toString());
    }
    Files.createDirectories(dir.resolve("state/snapshots/zzz/fs"));
    reopen();
    assertThat(store.usage(List.of())).extracting(UsageRecord::id).containsExactly(keep);
    assertThat(dir.resolve("state/snapshots/zzz")).doesNotExist();
  }

  @Test
  void otherCompressionIsMadeOnlyWhenForced() throws IOException {
    try (ImmutableRef one = file(null, "one", "1".repeat(10_000))) {
      List<LayerBlob> gzip = one.remote(GZIP);
      assertThat(one.remote(CompressionOptions.of(Compression.ZSTD))).isEqualTo(gzip);
      var forced = new CompressionOptions(Compression.ZSTD, -1, true, null);
      assertThat(one.existingRemote(forced)).isEmpty();
      List<LayerBlob> zstd = one.remote(forced);
      assertThat(zstd.getFirst().descriptor().mediaType()).endsWith("+zstd");
      assertThat(zstd.getFirst().diffId()).isEqualTo(gzip.getFirst().diffId());
      assertThat(one.existingRemote(forced)).contains(zstd);
      assertThat(one.remote(GZIP)).isEqualTo(gzip);
      var epoch = new CompressionOptions(Compression.GZIP, -1, false, Instant.ofEpochSecond(5));
      List<LayerBlob> early = one.remote(epoch);
      assertThat(early.getFirst().diffId()).isNotEqualTo(gzip.getFirst().diffId());
      assertThat(one.remote(epoch)).isEqualTo(early);
    }
  }

  @Test
  void aSharedTreeIsSeenByAllItsUsers() throws IOException {
    try (ImmutableRef base = file(null, "base", "b");
        MutableRef cache = store.newMutable(base, RefOptions.NONE.retained());
        RefMount first = cache.mount();
        RefMount second = cache.mount();
        MountPoint a = MountPoint.open(first.mounts(), dir.resolve("mnt"));
        MountPoint b = MountPoint.open(second.mounts(), dir.resolve("mnt"))) {
      Files.writeString(a.path().resolve("x"), "1");
      assertThat(b.path().resolve("x")).hasContent("1");
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Test
  void treeThatNobodyWillLookForGoesWithItsLastHandle() throws IOException {
    ImmutableRef failed = file(null, "left", "by a failed step");
    String id = failed.id();
    failed.dropWhenUnused();
    ImmutableRef debugger = failed.retain();
    failed.close();
    assertThat(text(debugger)).contains("left");
    debugger.close();
    assertThatThrownBy(() -> store.get(id)).hasMessageContaining(id);
    assertThat(store.usage(List.of())).isEmpty();
  }
}
