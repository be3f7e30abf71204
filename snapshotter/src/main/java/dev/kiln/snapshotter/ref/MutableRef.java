package dev.kiln.snapshotter.ref;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;

/**
 * The only handle of a tree that can be written. Closing it drops the tree, unless it is retained
 * (see {@link RefOptions#retain}) or was committed. Thread-safe.
 */
public interface MutableRef extends AutoCloseable {
  String id();

  String description();

  /** Mounts for writing; several may be open at once and show the same tree. */
  RefMount mount() throws IOException;

  /** Mounts for reading. */
  RefMount mountReadOnly() throws IOException;

  /**
   * Ends writing and gives the tree as an immutable ref; this handle is then closed.
   *
   * <p>A retained ref's tree can be had again for writing by {@link RefStore#getMutable} with this
   * ref's id, once nobody uses the immutable one (which vanishes then). Others are immutable for
   * good.
   */
  ImmutableRef commit() throws IOException;

  /**
   * Forgets that folders were touched for something that is gone again, such as mount points, as
   * long as they are empty in this layer and otherwise unchanged. No mount may be open.
   *
   * @param folders absolute paths in the tree
   */
  void forgetUntouched(Collection<String> folders) throws IOException;

  /** Keeps the tree after the handle is closed. */
  void retain();

  /** Closes the handle and drops the tree, even if it was retained. */
  void discard();

  /** Sets a text that {@link RefStore#findByMeta} finds. */
  void putMeta(String key, String value);

  void removeMeta(String key);

  Optional<String> meta(String key);

  /** Own size in bytes now, measured anew. */
  long size() throws IOException;

  @Override
  void close();
}
