package dev.kiln.snapshotter.ref;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.Root;
import dev.kiln.snapshotter.TreeText;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.snapshot.MemoryRecords;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ref store promises, whatever the snapshotter. */
abstract class RefStoreContract {
  private static final CompressionOptions GZIP = CompressionOptions.of(Compression.GZIP);

  @TempDir Path dir;
  private final MemoryRecords records = new MemoryRecords();
  private final Moving clock = new Moving();
  RefStore store;

  abstract String snapshotter();

  private static final class Moving extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

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

  private void reopen() throws IOException {
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

  private void write(MutableRef ref, Step step) throws IOException {
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

  private String text(ImmutableRef ref) throws IOException {
    try (RefMount mount = ref.mount(true);
        MountPoint at = MountPoint.open(mount.mounts(), dir.resolve("mnt"))) {
      return TreeText.of(at.path());
    }
  }

  List<String> names(ImmutableRef ref) throws IOException {
    return text(ref).lines().map(l -> l.substring(0, l.indexOf(' '))).toList();
  }

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

  private void pruneAll() throws IOException {
    store.prune(PruneOptions.everything(), r -> {});
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
  void mergeStacksWholeLayers() throws IOException {
    try (ImmutableRef base = file(null, "base", "b");
        ImmutableRef a = file(base, "dir/a", "a");
        ImmutableRef b =
            build(
                base,
                root -> {
                  Files.delete(root.resolve("base"));
                  Files.createDirectories(root.resolve("dir"));
                  Files.writeString(root.resolve("dir/b"), "b");
                });
        ImmutableRef merged = store.merge(List.of(a, b), RefOptions.described("merge"))) {
      assertThat(names(merged)).containsExactly("dir", "dir/a", "dir/b");
      assertThat(merged.layerChain()).hasSize(4);
      assertThat(merged.remote(GZIP)).hasSize(4);
      try (ImmutableRef top = file(merged, "top", "t")) {
        assertThat(names(top)).containsExactly("dir", "dir/a", "dir/b", "top");
        assertThat(top.remote(GZIP)).hasSize(5);
      }
    }
  }

  @Test
  void diffOfDescendantIsItsLayers() throws IOException {
    try (ImmutableRef base = file(null, "base", "b");
        ImmutableRef one = file(base, "one", "1");
        ImmutableRef two = file(one, "two", "2");
        ImmutableRef diff = store.diff(base, two, RefOptions.NONE).orElseThrow()) {
      assertThat(names(diff)).containsExactly("one", "two");
      assertThat(diff.layerChain()).hasSize(2);
      assertThat(store.diff(two, two, RefOptions.NONE)).isEmpty();
      assertThat(store.diff(null, null, RefOptions.NONE)).isEmpty();
      try (ImmutableRef other = file(null, "other", "o");
          ImmutableRef merged = store.merge(List.of(other, diff), RefOptions.NONE)) {
        assertThat(names(merged)).containsExactly("one", "other", "two");
      }
    }
  }

  @Test
  void diffOfStrangersIsWalked() throws IOException {
    try (ImmutableRef common = file(null, "same", "s");
        ImmutableRef left = file(common, "left", "l");
        ImmutableRef right = file(common, "right", "r");
        ImmutableRef diff = store.diff(left, right, RefOptions.NONE).orElseThrow()) {
      assertThat(diff.layerChain()).hasSize(1);
      assertThat(diff.remote(GZIP)).hasSize(1);
      try (ImmutableRef merged = store.merge(List.of(left, diff), RefOptions.NONE)) {
        assertThat(names(merged)).containsExactly("right", "same");
      }
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
  void pruneKeepsWhatIsHeldAndFreesParentsLater() throws IOException {
    ImmutableRef one = file(null, "one", "1");
    ImmutableRef two = file(one, "two", "2");
    one.close();
    pruneAll();
    assertThat(store.usage(List.of())).hasSize(2);
    two.close();
    List<String> gone = new ArrayList<>();
    store.prune(PruneOptions.everything(), r -> gone.add(r.id()));
    assertThat(gone).containsExactly(two.id(), one.id());
  }

  @Test
  void pruneObeysDurationTypeAndFilters() throws IOException {
    file(null, "old", "1").close();
    try (MutableRef internal =
        store.newMutable(
            null, RefOptions.described("i").withType(RecordType.INTERNAL).retained())) {
      internal.description();
    }
    clock.now = clock.now.plus(Duration.ofHours(2));
    file(null, "new", "2").close();
    store.prune(new PruneOptions(List.of("description==nothing"), true, null, 0, 0, 0), r -> {});
    assertThat(store.usage(List.of())).hasSize(3);
    store.prune(
        new PruneOptions(List.of(), false, Duration.ofHours(1), 0, 0, 0),
        r -> assertThat(r.description()).isEqualTo("built"));
    assertThat(store.usage(List.of())).hasSize(2);
    assertThat(store.usage(List.of("type==internal"))).hasSize(1);
    assertThat(store.usage(List.of("mutable,type==regular", "immutable"))).hasSize(1);
    assertThat(store.usage(List.of("description~=^b.*t$"))).hasSize(1);
    assertThatThrownBy(() -> store.usage(List.of("=x")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pruneToASizeTakesTheLeastValuableFirst() throws IOException {
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String content = ("" + i).repeat(100_000);
      try (ImmutableRef ref = file(null, "f" + i, content)) {
        order.add(ref.id());
      }
      clock.now = clock.now.plusSeconds(60);
    }
    for (int i = 0; i < 3; i++) {
      store.get(order.get(0)).close();
    }
    List<String> gone = new ArrayList<>();
    store.prune(new PruneOptions(List.of(), true, null, 0, 250_000, 0), r -> gone.add(r.id()));
    assertThat(gone).containsExactly(order.get(1), order.get(2));
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

  @Test
  void diffAloneShowsNoTraceOfWhatWasDeleted() throws IOException {
    try (ImmutableRef base = file(file(null, "dir/gone", "g"), "dir/stays", "s");
        ImmutableRef changed =
            build(
                base,
                root -> {
                  Files.delete(root.resolve("dir/gone"));
                  Files.writeString(root.resolve("dir/new"), "n");
                });
        ImmutableRef diff = store.diff(base, changed, RefOptions.NONE).orElseThrow();
        ImmutableRef other = file(null, "other", "o");
        ImmutableRef merged = store.merge(List.of(other, diff), RefOptions.NONE)) {
      assertThat(names(diff)).containsExactly("dir", "dir/new");
      assertThat(names(merged)).containsExactly("dir", "dir/new", "other");
    }
  }

  @Test
  void folderOfAMountPointThatIsGoneAgainIsNoChange() throws IOException {
    try (ImmutableRef base = file(null, "etc/passwd", "p");
        MutableRef ref = store.newMutable(base, RefOptions.NONE)) {
      write(
          ref,
          root -> {
            Files.writeString(root.resolve("etc/hosts"), "");
            Files.delete(root.resolve("etc/hosts"));
            Files.writeString(root.resolve("made"), "m");
          });
      ref.forgetUntouched(List.of("/etc", "/no/such"));
      try (ImmutableRef changed = ref.commit();
          ImmutableRef diff = store.diff(base, changed, RefOptions.NONE).orElseThrow()) {
        assertThat(names(diff)).containsExactly("made");
        assertThat(names(changed)).containsExactly("etc", "etc/passwd", "made");
      }
    }
  }
}
