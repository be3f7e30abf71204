package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.layer.UpperFolder;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** The handle of a mutable ref. */
final class LocalMutableRef implements MutableRef {
  private final LocalRefStore store;
  private final RefRecord ref;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Takes over one count of the record's handles, and its lock. */
  LocalMutableRef(LocalRefStore store, RefRecord ref) {
    this.store = store;
    this.ref = ref;
  }

  private RefRecord ref() {
    if (closed.get()) {
      throw new IllegalStateException("the handle of mutable ref " + ref.id + " is closed");
    }
    return ref;
  }

  @Override
  public String id() {
    return ref.id;
  }

  @Override
  public String description() {
    return store.context().locked(() -> ref.description);
  }

  @Override
  public RefMount mount() throws IOException {
    return store.mountMutable(ref(), false);
  }

  @Override
  public RefMount mountReadOnly() throws IOException {
    return store.mountMutable(ref(), true);
  }

  @Override
  public ImmutableRef commit() throws IOException {
    ImmutableRef committed = store.commit(ref());
    close();
    return committed;
  }

  @Override
  public void forgetUntouched(Collection<String> folders) throws IOException {
    RefContext context = store.context();
    String snapshot = context.look(() -> ref().snapshot);
    List<String> parents = context.locked(() -> ref().kind.parents());
    if (snapshot == null || parents.isEmpty() || ref().retain) {
      return;
    }
    Optional<String> upper = context.snapshotter().upperDirectory(snapshot);
    if (upper.isEmpty() || !context.snapshotter().stacks()) {
      return;
    }
    List<MountPoint> opened = new ArrayList<>(1);
    try {
      UpperFolder.removeUntouched(
          upper.get(),
          () -> {
            if (opened.isEmpty()) {
              opened.add(Objects.requireNonNull(context.open(context.held(parents.getFirst()))));
            }
            return opened.getFirst().path().toString();
          },
          folders);
    } finally {
      for (MountPoint point : opened) {
        point.close();
      }
    }
  }

  @Override
  public void retain() {
    store
        .context()
        .locked(
            () -> {
              ref().retain = true;
              store.context().table().save(ref, true);
              return ref;
            });
  }

  @Override
  public void discard() {
    store.context().locked(() -> ref().retain = false);
    close();
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
    return store.context().locked(() -> Optional.ofNullable(ref.meta.get(key)));
  }

  @Override
  public long size() throws IOException {
    return store.context().size(ref());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      store.unlock(ref);
    }
  }

  @Override
  public String toString() {
    return "mutable ref " + ref.id;
  }
}
