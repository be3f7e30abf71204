package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.LayerBlob;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A handle of an unchanging tree. The tree stays as long as any handle, mount or child holds it.
 * Each handle is closed once by its owner; closing again does nothing. Thread-safe.
 *
 * <p>An empty tree ("scratch") has no ref: callers use null or Optional.
 */
public interface ImmutableRef extends AutoCloseable {
  /** 25 characters of base 36, stable over restarts. */
  String id();

  /** Another handle of the same ref. */
  ImmutableRef retain();

  /** Gives this handle back. */
  @Override
  void close();

  /**
   * Lets the tree go with its last handle instead of staying for later builds: nothing will look
   * for it. A tree that something stands on by then stays until it is pruned.
   */
  void dropWhenUnused();

  /** Two handles of one ref. */
  default boolean sameRef(ImmutableRef other) {
    return id().equals(other.id());
  }

  String description();

  RecordType recordType();

  Instant createdAt();

  /**
   * Mounts for looking at the tree, unlazied first.
   *
   * @param readOnly false gives a scratch copy that is thrown away when the mount is closed
   */
  RefMount mount(boolean readOnly) throws IOException;

  /** Whether mounting has to fetch or unpack something first. */
  boolean isLazy();

  /** Downloads missing blobs in parallel and unpacks the layers in order; once for all callers. */
  void ensureExtracted(LayerProgress progress) throws IOException;

  /** Downloads missing blobs of the chain into the content store, without unpacking. */
  void ensureBlobs(LayerProgress progress) throws IOException;

  /** Lets lazy layers of the chain that have nobody to bring their blob use this provider. */
  void attachProvider(BlobProvider provider);

  /**
   * Whether each lazy layer of the chain can be brought: its blob is here or has a provider. A
   * cached result that cannot be brought is no hit.
   */
  boolean isReachable();

  /** The layers that make up the tree, lowest first. */
  List<Layer> layerChain() throws IOException;

  /**
   * The layers as blobs, lowest first, made where missing (diffed and compressed in parallel) and
   * recorded, so that the next call makes none. Blobs of lazy layers are not fetched unless they
   * must be converted; use {@link #ensureBlobs}.
   */
  List<LayerBlob> remote(CompressionOptions options) throws IOException;

  /**
   * Like {@link #remote}, but makes nothing.
   *
   * @return empty when a layer has no blob in the wanted form
   */
  Optional<List<LayerBlob>> existingRemote(CompressionOptions options) throws IOException;

  /** Sets a text that {@link RefStore#findByMeta} finds. */
  void putMeta(String key, String value);

  /** Removes a text. */
  void removeMeta(String key);

  Optional<String> meta(String key);

  /** Own size in bytes, measured once. */
  long size() throws IOException;

  /** Done when the ref would survive a power cut. Refs of one moment share one sync. */
  CompletableFuture<Void> durable();
}
