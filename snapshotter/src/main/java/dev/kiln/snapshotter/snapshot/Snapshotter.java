package dev.kiln.snapshotter.snapshot;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Directory trees that stand on other trees. An active snapshot can be written; committing it gives
 * an unchanging one on which others can stand. Keys are chosen by the caller and shared by active
 * and committed snapshots. Thread-safe; calls on one key must not race with its removal.
 *
 * <p>Changes of metadata are staged in a journal: they survive a crash once the journal was
 * flushed.
 */
public interface Snapshotter extends AutoCloseable {
  /** What a snapshot is. */
  enum Kind {
    /** Can be written and committed. */
    ACTIVE,
    /** A read-only look at a committed snapshot. */
    VIEW,
    /** Unchanging; others may stand on it. */
    COMMITTED,
    /** Unchanging, without data of its own: other committed snapshots' layers as one stack. */
    MERGED
  }

  /**
   * What is known of a snapshot.
   *
   * @param parent the snapshot that it stands on, or null
   * @param layers for {@link Kind#MERGED}: the snapshots whose layers it stacks, lowest first
   */
  record Status(String key, Kind kind, @Nullable String parent, List<String> layers) {}

  /**
   * Space that a snapshot takes by itself, without those below it.
   *
   * @param bytes disk blocks in bytes, files with several links counted once
   * @param inodes files, folders, links
   */
  record Usage(long bytes, long inodes) {}

  /** The name that workers report: {@code overlayfs} or {@code native}. */
  String name();

  /**
   * Starts a writable snapshot on a committed one; without parent it is an empty root folder 0755,
   * else the root folder has the owner and mode of the parent's.
   *
   * @throws SnapshotException when the key is taken or the parent is missing or not committed
   */
  void prepare(String key, @Nullable String parent) throws IOException;

  /** Like {@link #prepare}, but read-only. */
  void view(String key, @Nullable String parent) throws IOException;

  /** Whether {@link #merge} is there; without it, layers must be applied to one tree. */
  boolean stacks();

  /**
   * Makes a committed snapshot that stacks the own layers of others, lowest first. The layers are
   * taken as wholes: what one deletes is gone from those below it, whatever it stood on before.
   *
   * @param layers keys of committed snapshots, none of them {@link Kind#MERGED}; see {@link
   *     #layerChain}
   */
  void merge(String key, List<String> layers) throws IOException;

  /**
   * The mounts that show the snapshot: writable for an active one, else read-only. A committed
   * snapshot can be mounted without a view.
   */
  List<Mount> mounts(String key) throws IOException;

  /** The mounts of an active snapshot for reading only; nobody may write to it meanwhile. */
  List<Mount> readOnlyMounts(String key) throws IOException;

  /** Turns an active snapshot into a committed one under a new name; the key is free afterwards. */
  void commit(String name, String key) throws IOException;

  /**
   * Turns a committed snapshot back into an active one under a new key.
   *
   * @throws SnapshotException when another stands on it
   */
  void reopen(String key, String name) throws IOException;

  /**
   * Removes a snapshot.
   *
   * @throws SnapshotException when another stands on it, or it is missing
   */
  void remove(String key) throws IOException;

  /** Like {@link #remove}, but the files are removed in the background. */
  void removeLater(String key) throws IOException;

  /** What is known of a snapshot, or empty when there is none. */
  Optional<Status> find(String key);

  /** Every snapshot, in no certain order. */
  List<Status> list();

  /** Measures a snapshot by walking its own files. */
  Usage usage(String key) throws IOException;

  /** The snapshot and those below it, lowest first; a merged one's layers stand for it. */
  List<String> layerChain(String key) throws IOException;

  /**
   * The folder that holds exactly this snapshot's changes in overlayfs' form, where the
   * implementation has one.
   */
  Optional<String> upperDirectory(String key) throws IOException;

  /**
   * Reconciles memory, records and disk at the start: snapshots whose folder is gone are dropped
   * with those that stand on them, folders without record are removed in the background.
   *
   * @param trusted whether the snapshotter was closed in order, so that nothing but removals can be
   *     unfinished
   */
  void reconcile(boolean trusted) throws IOException;

  @Override
  void close() throws IOException;
}
