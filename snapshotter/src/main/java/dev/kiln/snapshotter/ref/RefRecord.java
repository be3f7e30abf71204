package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One ref's state. Every field but the id is guarded by the table's lock. */
final class RefRecord {
  /** The key in {@link #blobs} of a layer's own blob. */
  static final String OWN_BLOB = "";

  final String id;
  RefKind kind;

  /** The snapshot that shows the tree; null until unpacked. */
  @Nullable String snapshot;

  /** Blobs of the layer: the own one, and forms made for exports, by the form's name. */
  final Map<String, Descriptor> blobs = new LinkedHashMap<>();

  /** Diff ids of the blobs, by the same names. */
  final Map<String, Digest> diffIds = new LinkedHashMap<>();

  /** Names the layer and all below it by diff ids (OCI image-spec, config.md); null if unknown. */
  @Nullable Digest chainId;

  /** The same by blob digests. */
  @Nullable Digest blobChainId;

  String description = "";
  RecordType recordType = RecordType.REGULAR;
  Instant createdAt;
  @Nullable Instant lastUsedAt;
  int usageCount;

  /** Bytes, or -1 as long as nobody asked. */
  long size = -1;

  boolean retain;

  /** Whether an unchanging tree goes with its last handle, since no cache will ever name it. */
  boolean heldOnly;

  final Map<String, String> meta = new TreeMap<>();

  /** Handles and mounts in memory. */
  int handles;

  /** Refs that hold this one. */
  int children;

  /**
   * Whether all layers were seen unpacked: they stay so, since this ref holds them. In memory only.
   */
  boolean layersUnpacked;

  /** Whether somebody has the handle of a mutable ref. */
  boolean locked;

  /** Who can bring the blob of a lazy layer. */
  @Nullable BlobProvider provider;

  RefRecord(String id, RefKind kind, Instant createdAt) {
    this.id = id;
    this.kind = kind;
    this.createdAt = createdAt;
  }

  boolean isMutable() {
    return kind instanceof RefKind.Mutable;
  }

  boolean inUse() {
    return handles > 0 || children > 0;
  }

  @Nullable Descriptor blob() {
    return blobs.get(OWN_BLOB);
  }

  @Nullable Digest diffId() {
    return diffIds.get(OWN_BLOB);
  }
}
