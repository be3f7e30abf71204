package dev.kiln.daemon.op;

import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RecordType;
import dev.kiln.snapshotter.ref.RefException;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.pb.CacheSharingOpt;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The directories behind {@code RUN --mount=type=cache}: kept between builds, found again by id,
 * and shared by the rule that the mount asks for (llb.md, section 5). Safe for use by many threads.
 */
public final class CacheMounts {
  /** Ref metadata under which a directory is found again. */
  public static final String META_KEY = "cache-dir";

  /** Ref metadata with the id alone, whatever tree the directory started as. */
  private static final String META_ID = "cache-dir.id";

  private final RefStore refs;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final Map<String, Shared> shared = new HashMap<>();

  public CacheMounts(RefStore refs) {
    this.refs = refs;
  }

  /** A directory in use; closing it lets the next user have it. */
  public final class Lease implements AutoCloseable {
    private final MutableRef ref;
    private final @Nullable Shared of;
    private boolean closed;

    private Lease(MutableRef ref, @Nullable Shared of) {
      this.ref = ref;
      this.of = of;
    }

    /** The directory. */
    public MutableRef ref() {
      return ref;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (closed) {
          return;
        }
        closed = true;
        if (of == null || --of.users == 0) {
          if (of != null) {
            shared.remove(of.key);
          }
          ref.close();
          released.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private static final class Shared {
    private final String key;
    private final MutableRef ref;
    private int users;

    Shared(String key, MutableRef ref) {
      this.key = key;
      this.ref = ref;
    }
  }

  /**
   * Gets the directory of an id, made if there is none. With LOCKED this waits for its turn.
   *
   * @param base tree that a new directory starts as; null for an empty one
   * @throws InterruptedException when the wait for a locked directory is given up
   */
  public Lease acquire(
      String id, @Nullable ImmutableRef base, CacheSharingOpt sharing, String description)
      throws IOException, InterruptedException {
    String key = base == null ? id : id + ":" + base.id();
    lock.lockInterruptibly();
    try {
      if (sharing == CacheSharingOpt.SHARED) {
        Shared existing = shared.get(key);
        if (existing == null) {
          existing = new Shared(key, open(key, id, base, false, description));
          shared.put(key, existing);
        }
        existing.users++;
        return new Lease(existing.ref, existing);
      }
      return new Lease(open(key, id, base, sharing == CacheSharingOpt.LOCKED, description), null);
    } finally {
      lock.unlock();
    }
  }

  private MutableRef open(
      String key, String id, @Nullable ImmutableRef base, boolean wait, String description)
      throws IOException, InterruptedException {
    while (true) {
      boolean locked = false;
      for (String known : refs.findByMeta(META_KEY, key)) {
        try {
          return refs.getMutable(known);
        } catch (RefException e) {
          locked |= e.reason() == RefException.Reason.LOCKED;
        }
      }
      if (!wait || !locked) {
        RefOptions options =
            RefOptions.described(description)
                .withType(RecordType.EXEC_CACHE_MOUNT)
                .withMeta(META_KEY, key)
                .withMeta(META_ID, id)
                .retained();
        return refs.newMutable(base, options);
      }
      released.await();
    }
  }

  /**
   * Forgets the directories of an id, so that the next user starts anew. Those in use vanish when
   * they are released.
   */
  public void forget(String id) throws IOException {
    lock.lock();
    try {
      for (String known : refs.findByMeta(META_ID, id)) {
        try (MutableRef ref = refs.getMutable(known)) {
          forget(ref);
        } catch (RefException e) {
          shared.values().stream()
              .filter(inUse -> inUse.ref.id().equals(known))
              .forEach(inUse -> forget(inUse.ref));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static void forget(MutableRef ref) {
    ref.removeMeta(META_KEY);
    ref.removeMeta(META_ID);
  }
}
