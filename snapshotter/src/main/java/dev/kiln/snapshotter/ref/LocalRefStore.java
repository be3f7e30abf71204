package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.snapshot.Snapshotter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ref store over a table in memory, a journal of records, snapshots and content. */
final class LocalRefStore implements RefStore {
  private static final long CLOSE_WAIT_SECONDS = 60;

  private final RefContext context;
  private final BlobFetches fetches;
  private final Unlazier unlazier;
  private final LayerExporter exporter;
  private final RefMounts mounts;
  private final Pruner pruner;

  LocalRefStore(RefContext context) {
    this.context = context;
    LayerSource source = new LayerSource(context);
    this.fetches = new BlobFetches(context);
    this.unlazier = new Unlazier(context, source, fetches);
    this.exporter = new LayerExporter(context, unlazier, fetches, source);
    this.mounts = new RefMounts(context);
    this.pruner = new Pruner(context);
  }

  RefContext context() {
    return context;
  }

  BlobFetches fetches() {
    return fetches;
  }

  Unlazier unlazier() {
    return unlazier;
  }

  LayerExporter exporter() {
    return exporter;
  }

  private RefTable table() {
    return context.table();
  }

  @Override
  public Snapshotter snapshotter() {
    return context.snapshotter();
  }

  @Override
  public ContentStore content() {
    return context.content();
  }

  /** A new handle; with the table's lock held. */
  private ImmutableRef handle(RefRecord ref) {
    ref.handles++;
    return new LocalImmutableRef(this, ref);
  }

  @Override
  public ImmutableRef get(String id) throws IOException {
    return context.locked(
        () -> {
          RefRecord ref = table().get(id);
          if (ref.isMutable()) {
            throw new RefException(
                RefException.Reason.NOT_FOUND, "cache record " + id + " is mutable");
          }
          return handle(ref);
        });
  }

  @Override
  public boolean contains(String id) {
    RefRecord found = context.look(() -> table().find(id));
    return found != null && context.locked(() -> !found.isMutable()) && unlazier.isReachable(found);
  }

  @Override
  public boolean knows(String id) {
    return context.look(() -> table().find(id)) != null;
  }

  @Override
  public MutableRef getMutable(String id) throws IOException {
    return context.locked(
        () -> {
          RefRecord ref = table().get(id);
          if (!ref.isMutable()) {
            throw new RefException(
                RefException.Reason.NOT_FOUND, "cache record " + id + " is not mutable");
          }
          if (ref.locked || !dropFrozen(ref)) {
            throw new RefException(RefException.Reason.LOCKED, "cache record " + id + " is locked");
          }
          ref.locked = true;
          ref.handles++;
          return new LocalMutableRef(this, ref);
        });
  }

  /** Takes back the unchanging face of a tree, if nobody uses it. */
  private boolean dropFrozen(RefRecord mutable) {
    if (mutable.children == 0) {
      return true;
    }
    for (RefRecord ref : List.copyOf(table().all())) {
      if (ref.kind instanceof RefKind.Frozen(var id) && id.equals(mutable.id)) {
        if (ref.inUse()) {
          return false;
        }
        table().remove(ref);
        table().unhold(ref.kind);
      }
    }
    return mutable.children == 0;
  }

  private RefRecord create(RefKind kind, RefOptions options) {
    Instant created = options.createdAt();
    RefRecord ref =
        new RefRecord(table().newId(), kind, created == null ? context.clock().instant() : created);
    ref.description = options.description();
    ref.recordType = options.recordType();
    ref.retain = options.retain();
    ref.meta.putAll(options.meta());
    return ref;
  }

  /** The record behind a handle of this store. */
  private @Nullable RefRecord record(@Nullable ImmutableRef handle) throws IOException {
    if (handle == null) {
      return null;
    }
    RefRecord ref = ((LocalImmutableRef) handle).ref();
    solidify(ref);
    return ref;
  }

  private static @Nullable String id(@Nullable RefRecord ref) {
    return ref == null ? null : ref.id;
  }

  @Override
  public MutableRef newMutable(@Nullable ImmutableRef parent, RefOptions options)
      throws IOException {
    RefRecord below = record(parent);
    String snapshot = null;
    if (below != null) {
      unlazier.unpack(below, LayerProgress.NONE);
      snapshot = context.look(() -> below.snapshot);
    }
    RefRecord ref = create(new RefKind.Mutable(id(below)), options);
    String active = ref.id + "-rw";
    context.snapshotter().prepare(active, snapshot);
    ref.snapshot = active;
    return context.locked(
        () -> {
          ref.locked = true;
          ref.handles = 1;
          table().add(ref);
          return new LocalMutableRef(this, ref);
        });
  }

  /** Ends writing; called by the handle, which stays counted until it is closed. */
  ImmutableRef commit(RefRecord ref) throws IOException {
    return context.locked(
        () -> {
          if (ref.handles > 1) {
            throw new IllegalStateException(
                "could not commit " + ref.id + ": a mount of it is open; close it first");
          }
          if (!(ref.kind instanceof RefKind.Mutable(var parent))) {
            throw new IllegalStateException("ref " + ref.id + " was committed already");
          }
          if (ref.retain) {
            return freeze(ref);
          }
          context.snapshotter().commit(ref.id, String.valueOf(ref.snapshot));
          ref.snapshot = ref.id;
          ref.size = -1;
          table().setKind(ref, new RefKind.OneLayer(parent, false));
          table().save(ref, true);
          return handle(ref);
        });
  }

  private ImmutableRef freeze(RefRecord mutable) {
    RefRecord frozen =
        new RefRecord(table().newId(), new RefKind.Frozen(mutable.id), context.clock().instant());
    frozen.description = mutable.description;
    frozen.recordType = mutable.recordType;
    frozen.snapshot = mutable.snapshot;
    table().add(frozen);
    table().save(mutable, true);
    return handle(frozen);
  }

  /**
   * Makes the face of a retained mutable ref a layer of its own, since something is to stand on it;
   * the mutable ref is gone afterwards. Does nothing for others.
   */
  void solidify(RefRecord ref) throws IOException {
    context.locked(
        () -> {
          if (!(ref.kind instanceof RefKind.Frozen(var id))) {
            return ref;
          }
          RefRecord mutable = table().held(id);
          context.snapshotter().commit(ref.id, String.valueOf(mutable.snapshot));
          table()
              .setKind(
                  ref,
                  new RefKind.OneLayer(
                      mutable.kind.parents().isEmpty() ? null : mutable.kind.parents().getFirst(),
                      false));
          ref.snapshot = ref.id;
          ref.size = -1;
          table().remove(mutable);
          table().unhold(mutable.kind);
          table().save(ref, true);
          return ref;
        });
  }

  @Override
  public ImmutableRef layer(
      @Nullable ImmutableRef parent,
      Descriptor blob,
      Digest diffId,
      @Nullable BlobProvider provider,
      RefOptions options)
      throws IOException {
    RefRecord below = record(parent);
    return context.locked(
        () -> {
          boolean named = below == null || below.chainId != null;
          Digest chain = named ? ChainIds.next(below == null ? null : below.chainId, diffId) : null;
          Digest blobChain =
              named
                  ? ChainIds.nextBlob(
                      below == null ? null : below.blobChainId, blob.digest(), diffId)
                  : null;
          RefRecord found = blobChain == null ? null : table().byChain(blobChain);
          if (found == null && chain != null) {
            found = table().byChain(chain);
          }
          if (found != null) {
            if (provider != null) {
              found.provider = provider;
            }
            return handle(found);
          }
          RefRecord ref = create(new RefKind.OneLayer(id(below), true), options);
          ref.provider = provider;
          ref.blobs.put(RefRecord.OWN_BLOB, blob);
          ref.diffIds.put(RefRecord.OWN_BLOB, diffId);
          ref.chainId = chain;
          ref.blobChainId = blobChain;
          table().add(ref);
          return handle(ref);
        });
  }

  @Override
  public ImmutableRef merge(List<ImmutableRef> parents, RefOptions options) throws IOException {
    if (parents.isEmpty()) {
      throw new IllegalArgumentException("a merge needs at least one ref");
    }
    if (parents.size() == 1) {
      return parents.getFirst().retain();
    }
    for (ImmutableRef parent : parents) {
      record(parent);
    }
    return context.locked(
        () -> {
          RefRecord ref =
              create(new RefKind.Merge(parents.stream().map(ImmutableRef::id).toList()), options);
          table().add(ref);
          return handle(ref);
        });
  }

  @Override
  public Optional<ImmutableRef> diff(
      @Nullable ImmutableRef lower, @Nullable ImmutableRef upper, RefOptions options)
      throws IOException {
    if (lower == null) {
      return upper == null ? Optional.empty() : Optional.of(upper.retain());
    }
    RefRecord below = record(lower);
    RefRecord above = record(upper);
    return context.locked(
        () -> {
          boolean stands = false;
          if (above != null && below != null) {
            stands = table().standsOn(above, below);
            if (stands && table().layers(above).size() == table().layers(below).size()) {
              return Optional.empty();
            }
          }
          RefRecord ref = create(new RefKind.Diff(id(below), id(above), !stands), options);
          table().add(ref);
          return Optional.of(handle(ref));
        });
  }

  RefMount mountTree(RefRecord ref, boolean readOnly) throws IOException {
    if (!readOnly) {
      solidify(ref);
    }
    return readOnly ? mounts.reading(ref) : mounts.scratch(ref);
  }

  RefMount mountMutable(RefRecord ref, boolean readOnly) throws IOException {
    return readOnly ? mounts.reading(ref) : mounts.writing(ref);
  }

  /** The handle of a mutable ref is closed. */
  void unlock(RefRecord ref) {
    context.locked(() -> ref.locked = false);
    context.release(ref);
  }

  void putMeta(RefRecord ref, String key, String value) {
    context.locked(
        () -> {
          table().putMeta(ref, key, value);
          return ref;
        });
  }

  void removeMeta(RefRecord ref, String key) {
    context.locked(
        () -> {
          table().removeMeta(ref, key);
          return ref;
        });
  }

  @Override
  public List<String> findByMeta(String key, String value) {
    return context.locked(() -> table().byMeta(key, value));
  }

  @Override
  public boolean usesBlob(Digest digest) {
    return context.locked(() -> table().usesBlob(digest));
  }

  @Override
  public List<UsageRecord> usage(List<String> filters) throws IOException {
    return pruner.usage(RefFilter.parse(filters));
  }

  @Override
  public void prune(PruneOptions options, Consumer<UsageRecord> removed) throws IOException {
    pruner.prune(options, removed);
  }

  @Override
  public void flush() throws IOException {
    context.journal().flush();
  }

  @Override
  public void close() throws IOException {
    context.removals().shutdown();
    try {
      if (!context.removals().awaitTermination(CLOSE_WAIT_SECONDS, TimeUnit.SECONDS)) {
        context.removals().shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    mounts.close();
    try {
      context.journal().flush(); // Closing it would not tell whether all got to the disk.
    } finally {
      context.journal().close();
      context.snapshotter().close();
    }
  }
}
