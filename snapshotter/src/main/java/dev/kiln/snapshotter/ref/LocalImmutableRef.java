package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.LayerBlob;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** One handle of an immutable ref. */
final class LocalImmutableRef implements ImmutableRef {
  private final LocalRefStore store;
  private final RefRecord ref;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one count of the record's handles. */
  LocalImmutableRef(LocalRefStore store, RefRecord ref) {
    this.store = store;
    this.ref = ref;
  }

  /** The record, as long as the handle is open. */
  RefRecord ref() {
    if (closed.get()) {
      throw new IllegalStateException("the handle of ref " + ref.id + " is closed");
    }
    return ref;
  }

  private RefContext context() {
    return store.context();
  }

  @Override
  public String id() {
    return ref.id;
  }

  @Override
  public ImmutableRef retain() {
    context().hold(ref());
    return new LocalImmutableRef(store, ref);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      context().release(ref);
    }
  }

  @Override
  public void dropWhenUnused() {
    RefRecord held = ref();
    context().locked(() -> held.heldOnly = true);
  }

  @Override
  public String description() {
    return context().locked(() -> ref.description);
  }

  @Override
  public RecordType recordType() {
    return context().locked(() -> ref.recordType);
  }

  @Override
  public Instant createdAt() {
    return context().locked(() -> ref.createdAt);
  }

  @Override
  public RefMount mount(boolean readOnly) throws IOException {
    ensureExtracted(LayerProgress.NONE);
    return store.mountTree(ref(), readOnly);
  }

  @Override
  public boolean isLazy() {
    return !store.unlazier().isUnpacked(ref());
  }

  @Override
  public void ensureExtracted(LayerProgress progress) throws IOException {
    store.unlazier().unpack(ref(), progress);
  }

  @Override
  public void ensureBlobs(LayerProgress progress) throws IOException {
    store.fetches().fetchAll(chain(), progress);
  }

  private List<RefRecord> chain() {
    RefRecord held = ref();
    return context().locked(() -> context().table().layers(held));
  }

  @Override
  public void attachProvider(BlobProvider provider) {
    List<RefRecord> chain = chain();
    context()
        .locked(
            () -> {
              for (RefRecord layer : chain) {
                if (layer.provider == null) {
                  layer.provider = provider;
                }
              }
              return chain;
            });
  }

  @Override
  public boolean isReachable() {
    return store.unlazier().isReachable(ref());
  }

  @Override
  public List<Layer> layerChain() {
    List<RefRecord> chain = chain();
    return context()
        .locked(
            () ->
                chain.stream()
                    .map(l -> new Layer(l.id, l.blob(), l.diffId(), l.createdAt, l.description))
                    .toList());
  }

  @Override
  public List<LayerBlob> remote(CompressionOptions options) throws IOException {
    store.solidify(ref());
    return store.exporter().export(ref(), options);
  }

  @Override
  public Optional<List<LayerBlob>> existingRemote(CompressionOptions options) {
    return store.exporter().existing(chain(), options);
  }

  @Override
  public void putMeta(String key, String value) {
    store.putMeta(ref(), key, value);
  }

  @Override
  public void removeMeta(String key) {
    store.removeMeta(ref(), key);
  }

  @Override
  public Optional<String> meta(String key) {
    return context().locked(() -> Optional.ofNullable(ref.meta.get(key)));
  }

  @Override
  public long size() throws IOException {
    return context().size(ref());
  }

  @Override
  public CompletableFuture<Void> durable() {
    return context().journal().durable();
  }

  @Override
  public String toString() {
    return "ref " + ref.id;
  }
}
