package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.snapshotter.snapshot.MountPoint;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Mounts of refs, each of which holds its ref until it is closed. Thread-safe. */
final class RefMounts {
  private final RefContext context;
  private final Map<String, Shared> shared = new HashMap<>();

  /** A writable overlay that several look at through bind mounts. */
  private static final class Shared {
    final MountPoint point;
    int users;

    Shared(MountPoint point) {
      this.point = point;
    }
  }

  private interface Ending {
    void run() throws IOException;
  }

  RefMounts(RefContext context) {
    this.context = context;
  }

  private String snapshot(RefRecord ref) {
    String snapshot = context.look(() -> ref.snapshot);
    if (snapshot == null) {
      throw new IllegalStateException("ref " + ref.id + " has no tree");
    }
    return snapshot;
  }

  /** Read-only mounts of a ref with a tree. */
  RefMount reading(RefRecord ref) throws IOException {
    context.hold(ref);
    try {
      return opened(
          context.snapshotter().readOnlyMounts(snapshot(ref)), () -> context.release(ref));
    } catch (IOException | RuntimeException e) {
      context.release(ref);
      throw e;
    }
  }

  /** Writable mounts of a copy that is thrown away. */
  RefMount scratch(RefRecord ref) throws IOException {
    context.hold(ref);
    String key = context.table().newId();
    try {
      context.snapshotter().prepare(key, snapshot(ref));
      return opened(
          context.snapshotter().mounts(key),
          () -> {
            try {
              context.removeSnapshot(key);
            } finally {
              context.release(ref);
            }
          });
    } catch (IOException | RuntimeException e) {
      context.release(ref);
      throw e;
    }
  }

  /**
   * Writable mounts of a mutable ref. The kernel must not mount the same upper folder twice, so a
   * tree that may have several users at once (a retained one) is mounted once and bound.
   */
  RefMount writing(RefRecord ref) throws IOException {
    context.hold(ref);
    try {
      List<Mount> mounts = context.snapshotter().mounts(snapshot(ref));
      if (!ref.retain || mounts.getFirst().isBind()) {
        return opened(mounts, () -> context.release(ref));
      }
      Shared one = share(ref.id, mounts);
      return opened(
          List.of(Mount.bind(one.point.path().toString(), false)),
          () -> {
            try {
              unshare(ref.id, one);
            } finally {
              context.release(ref);
            }
          });
    } catch (IOException | RuntimeException e) {
      context.release(ref);
      throw e;
    }
  }

  private synchronized Shared share(String id, List<Mount> mounts) throws IOException {
    Shared one = shared.get(id);
    if (one == null) {
      one = new Shared(MountPoint.temporary(mounts, context.mounts()));
      shared.put(id, one);
    }
    one.users++;
    return one;
  }

  private synchronized void unshare(String id, Shared one) throws IOException {
    one.users--;
    if (one.users == 0) {
      shared.remove(id);
      one.point.close();
    }
  }

  /** Unmounts what is still shared. */
  synchronized void close() throws IOException {
    for (Shared one : shared.values()) {
      one.point.close();
    }
    shared.clear();
  }

  private static RefMount opened(List<Mount> mounts, Ending ending) {
    AtomicBoolean closed = new AtomicBoolean();
    return new RefMount() {
      @Override
      public List<Mount> mounts() {
        return mounts;
      }

      @Override
      public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
          ending.run();
        }
      }
    };
  }
}
