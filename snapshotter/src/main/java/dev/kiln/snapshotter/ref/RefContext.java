package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.linux.LinuxException;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.snapshotter.snapshot.RecordJournal;
import dev.kiln.snapshotter.snapshot.SnapshotException;
import dev.kiln.snapshotter.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the parts of the ref store share, with the life and death of single refs. Thread-safe. */
record RefContext(
    RefTable table,
    Snapshotter snapshotter,
    ContentStore content,
    RecordJournal journal,
    Path mounts,
    Clock clock,
    ProviderLookup providers,
    ExecutorService removals) {
  private static final Logger LOG = LoggerFactory.getLogger(RefContext.class);

  /** Work on the table. */
  interface Locked<T, X extends Exception> {
    T run() throws X;
  }

  /** Runs short work under the table's lock. */
  <T, X extends Exception> T locked(Locked<T, X> work) throws X {
    table.lock.lock();
    try {
      return work.run();
    } finally {
      table.lock.unlock();
    }
  }

  /** A look at the table that may find nothing. */
  interface Look<T> {
    @Nullable T run();
  }

  /** Looks something up under the table's lock. */
  <T> @Nullable T look(Look<T> work) {
    table.lock.lock();
    try {
      return work.run();
    } finally {
      table.lock.unlock();
    }
  }

  /** Counts one more user of a ref, which must be there. */
  void hold(RefRecord ref) {
    locked(() -> ref.handles++);
  }

  /** Counts one user less; a ref that is to live no longer than its users goes with the last. */
  void release(RefRecord ref) {
    boolean drop =
        locked(
            () -> {
              ref.handles--;
              if (ref.handles > 0) {
                return false;
              }
              ref.lastUsedAt = clock.instant();
              ref.usageCount++;
              boolean heldOnly = ref.isMutable() ? !ref.retain : ref.heldOnly;
              if (heldOnly && ref.children == 0 && table.find(ref.id) == ref) {
                table.remove(ref);
                return true;
              }
              table.save(ref, false);
              return false;
            });
    if (!drop) {
      return;
    }
    if (!ref.isMutable()) {
      destroyQuietly(ref); // its last user wants the room back now
    } else {
      try {
        removals.execute(() -> destroyQuietly(ref));
      } catch (RejectedExecutionException e) {
        // The store is closed; the data has no record and goes with the next start.
        LOG.debug("left the data of ref {}", ref.id);
      }
    }
  }

  private void destroyQuietly(RefRecord ref) {
    try {
      destroy(ref);
    } catch (IOException | RuntimeException e) {
      LOG.warn("could not remove the data of ref {}; the next start will", ref.id, e);
    }
  }

  /** Removes the data of a ref that is no longer in the table, then lets its parents go. */
  void destroy(RefRecord ref) throws IOException {
    try {
      String snapshot = ref.snapshot;
      if (snapshot != null && !(ref.kind instanceof RefKind.Frozen)) {
        removeSnapshot(snapshot);
      }
    } finally {
      locked(
          () -> {
            table.unhold(ref.kind);
            for (Descriptor blob : ref.blobs.values()) {
              if (table.lastUserOf(blob.digest())) {
                deleteBlob(blob.digest());
              }
            }
            return ref;
          });
    }
  }

  /** Removes a snapshot that may be gone already. */
  void removeSnapshot(String key) throws IOException {
    try {
      snapshotter.remove(key);
    } catch (SnapshotException e) {
      if (e.reason() != SnapshotException.Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void deleteBlob(Digest digest) {
    try {
      content.delete(digest);
    } catch (IOException e) {
      LOG.warn("could not delete blob {}", digest, e);
    }
  }

  /** The tree of an unpacked ref, for reading; null gives null. */
  @Nullable MountPoint open(@Nullable RefRecord ref) throws IOException {
    if (ref == null) {
      return null;
    }
    String snapshot = look(() -> ref.snapshot);
    if (snapshot == null) {
      throw new IllegalStateException("ref " + ref.id + " is not unpacked");
    }
    return MountPoint.open(snapshotter.readOnlyMounts(snapshot), mounts);
  }

  @Nullable RefRecord held(@Nullable String id) {
    return id == null ? null : locked(() -> table.held(id));
  }

  /** Own size in bytes, measured now where it is not known. */
  long size(RefRecord ref) throws IOException {
    long known = locked(() -> ref.isMutable() ? -1 : ref.size);
    if (known >= 0) {
      return known;
    }
    long bytes = 0;
    String snapshot = look(() -> ref.snapshot);
    if (snapshot != null && !(ref.kind instanceof RefKind.Frozen)) {
      try {
        bytes += snapshotter.usage(snapshot).bytes();
      } catch (LinuxException | SnapshotException e) {
        LOG.debug("could not measure {}", ref.id, e);
      }
    }
    for (Descriptor blob : locked(() -> java.util.List.copyOf(ref.blobs.values()))) {
      bytes += content.find(blob.digest()).map(ContentStore.BlobStatus::size).orElse(0L);
    }
    long total = bytes;
    return locked(
        () -> {
          ref.size = total;
          table.save(ref, false);
          return total;
        });
  }
}
