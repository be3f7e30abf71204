package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.snapshot.Snapshotter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All refs of one worker: trees that can be mounted, with what is recorded of them. Nothing that is
 * held (by a handle, a mount, or a ref that stands on it) is ever removed. Thread-safe; calls block
 * for disk work and are meant for virtual threads.
 */
public interface RefStore extends AutoCloseable {
  /** The store's snapshots, for what needs their names. */
  Snapshotter snapshotter();

  /** Where layer blobs are. */
  ContentStore content();

  /**
   * A handle of a recorded immutable ref.
   *
   * @throws RefException NOT_FOUND when it is gone
   */
  ImmutableRef get(String id) throws IOException;

  /**
   * Whether there is an immutable ref whose tree is here or can be brought; unlike {@link #get}
   * this is no use of it.
   */
  boolean contains(String id);

  /** Whether there is a record of a ref, mutable or not. */
  boolean knows(String id);

  /**
   * The handle of a retained mutable ref.
   *
   * @throws RefException NOT_FOUND, or LOCKED while somebody holds it or its committed form
   */
  MutableRef getMutable(String id) throws IOException;

  /** A new writable tree on a parent (unlazied first); the parent's handle stays the caller's. */
  MutableRef newMutable(@Nullable ImmutableRef parent, RefOptions options) throws IOException;

  /**
   * The ref of a layer that exists as a blob, on a parent; nothing is fetched before it is mounted.
   * A ref with the same chain of blobs or of diff ids is found again instead of made.
   *
   * @param provider brings the blob when needed, or null when it is in the content store
   */
  ImmutableRef layer(
      @Nullable ImmutableRef parent,
      Descriptor blob,
      Digest diffId,
      @Nullable BlobProvider provider,
      RefOptions options)
      throws IOException;

  /**
   * The layers of all parents as one stack, first parent lowest.
   *
   * @param parents at least one; one alone is returned as a new handle of itself
   */
  ImmutableRef merge(List<ImmutableRef> parents, RefOptions options) throws IOException;

  /**
   * What must be laid over {@code lower} to get {@code upper}. When upper stands on lower these are
   * exactly the layers between; otherwise the trees are compared.
   *
   * @return empty when there is no difference by construction (same ref, or both null)
   */
  Optional<ImmutableRef> diff(
      @Nullable ImmutableRef lower, @Nullable ImmutableRef upper, RefOptions options)
      throws IOException;

  /** Ids of refs (mutable and immutable) whose text under the key has this value; newest first. */
  List<String> findByMeta(String key, String value);

  /** Whether a ref has this blob, so that a collector of loose blobs must leave it. */
  boolean usesBlob(Digest digest);

  /**
   * Every ref that matches one of the filters.
   *
   * @throws IllegalArgumentException for a filter that cannot be parsed
   */
  List<UsageRecord> usage(List<String> filters) throws IOException;

  /**
   * Removes unused refs by the rules of the options; each is reported after its removal.
   *
   * @throws IllegalArgumentException for a filter that cannot be parsed
   */
  void prune(PruneOptions options, Consumer<UsageRecord> removed) throws IOException;

  /** Makes everything staged so far durable. */
  void flush() throws IOException;

  @Override
  void close() throws IOException;
}
