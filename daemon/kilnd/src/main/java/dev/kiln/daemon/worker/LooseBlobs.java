package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.ContentStore.BlobStatus;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.RefStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Removes blobs that nothing stands on any more: manifests and configs of images whose layers are
 * gone, results that no build record names. Layers of refs go with their refs and are not touched.
 * Safe for use by many threads.
 */
public final class LooseBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(LooseBlobs.class);

  /** What is larger is no manifest. */
  private static final int MAX_MANIFEST_BYTES = 4 << 20;

  private final RefStore refs;
  private final Supplier<Set<Digest>> named;
  private final BooleanSupplier busy;
  private boolean wanted;

  /**
   * @param named digests that others keep alive, with all that they list
   * @param busy whether builds run, which may use blobs that nothing stands on yet
   */
  public LooseBlobs(RefStore refs, Supplier<Set<Digest>> named, BooleanSupplier busy) {
    this.refs = refs;
    this.named = named;
    this.busy = busy;
  }

  /** Collects now, or once no build runs. Call after refs or records were removed. */
  public synchronized void collect() {
    wanted = true;
    buildEnded();
  }

  /** Does what had to wait for builds. */
  public synchronized void buildEnded() {
    if (!wanted || busy.getAsBoolean()) {
      return;
    }
    wanted = false;
    try {
      sweep();
    } catch (IOException | RuntimeException e) {
      LOG.warn("could not collect loose blobs", e);
    }
  }

  private void sweep() throws IOException {
    ContentStore content = refs.content();
    Map<Digest, List<Digest>> loose = new HashMap<>();
    Set<Digest> kept = new HashSet<>(named.get());
    for (BlobStatus blob : content.list()) {
      if (refs.usesBlob(blob.digest())) {
        kept.add(blob.digest());
      } else {
        loose.put(blob.digest(), listed(content, blob));
      }
    }
    mark(loose, kept);
    for (Digest digest : loose.keySet()) {
      if (busy.getAsBoolean()) {
        wanted = true; // A build that began meanwhile may ask for what looks loose.
        return;
      }
      if (!kept.contains(digest) && !refs.usesBlob(digest)) {
        content.delete(digest);
      }
    }
  }

  /** Keeps what is listed by something named, and manifests that list something kept. */
  private static void mark(Map<Digest, List<Digest>> loose, Set<Digest> kept) {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (Map.Entry<Digest, List<Digest>> each : loose.entrySet()) {
        if (kept.contains(each.getKey()) || each.getValue().stream().anyMatch(kept::contains)) {
          changed |= kept.add(each.getKey());
          changed |= kept.addAll(each.getValue());
        }
      }
    }
  }

  /** What a manifest or an index lists; empty for other blobs. */
  private static List<Digest> listed(ContentStore content, BlobStatus blob) throws IOException {
    List<Digest> digests = new ArrayList<>();
    if (blob.size() > MAX_MANIFEST_BYTES) {
      return digests;
    }
    byte[] bytes = content.read(blob.digest(), MAX_MANIFEST_BYTES);
    if (bytes.length == 0 || bytes[0] != '{') {
      return digests;
    }
    try {
      JsonNode json = JsonMapper.shared().readTree(bytes);
      add(digests, json.path("config"));
      json.path("layers").forEach(layer -> add(digests, layer));
      json.path("manifests").forEach(manifest -> add(digests, manifest));
    } catch (JacksonException e) {
      return List.of();
    }
    return digests;
  }

  private static void add(List<Digest> digests, JsonNode descriptor) {
    String text = descriptor.path("digest").asString("");
    if (Digest.isValid(text)) {
      digests.add(new Digest(text));
    }
  }
}
