package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import dev.kiln.snapshotter.layer.Decompressor;
import dev.kiln.snapshotter.layer.LayerBlob;
import dev.kiln.snapshotter.layer.LayerPacker;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Gives the layers of a ref as blobs, making and recording those that are missing. A layer is made
 * once, however many ask; different layers are made side by side. Thread-safe.
 */
final class LayerExporter {
  /** One layer is already compressed by many threads; two keep the disk busy meanwhile. */
  private static final int MAX_LAYERS_AT_ONCE =
      Math.max(2, Runtime.getRuntime().availableProcessors());

  private final RefContext context;
  private final Unlazier unlazier;
  private final BlobFetches fetches;
  private final LayerSource source;
  private final SingleFlight<LayerBlob> making = new SingleFlight<>();
  private final Semaphore running = new Semaphore(MAX_LAYERS_AT_ONCE, true);

  LayerExporter(RefContext context, Unlazier unlazier, BlobFetches fetches, LayerSource source) {
    this.context = context;
    this.unlazier = unlazier;
    this.fetches = fetches;
    this.source = source;
  }

  /** The layers of a ref that the caller holds, lowest first. */
  List<LayerBlob> export(RefRecord ref, CompressionOptions options) throws IOException {
    List<RefRecord> layers = context.locked(() -> context.table().layers(ref));
    List<Future<?>> made = new ArrayList<>();
    LayerBlob[] blobs = new LayerBlob[layers.size()];
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < blobs.length; i++) {
        int at = i;
        LayerBlob known = existing(layers.get(i), options);
        if (known != null) {
          blobs[i] = known;
        } else {
          made.add(
              each.submit(
                  () -> {
                    blobs[at] = make(layers.get(at), options);
                    return true;
                  }));
        }
      }
      try {
        Futures.joinAll(made);
      } finally {
        each.shutdownNow();
      }
    }
    recordChains(layers);
    List<LayerBlob> all = new ArrayList<>();
    for (int i = 0; i < blobs.length; i++) {
      all.add(noted(layers.get(i), blobs[i], options));
    }
    return List.copyOf(all);
  }

  /** The layers as they are, or empty when one would have to be made. */
  Optional<List<LayerBlob>> existing(List<RefRecord> layers, CompressionOptions options) {
    List<LayerBlob> found = new ArrayList<>();
    for (RefRecord layer : layers) {
      LayerBlob known = existing(layer, options);
      if (known == null) {
        return Optional.empty();
      }
      found.add(noted(layer, known, options));
    }
    return Optional.of(found);
  }

  /** A rewritten layer says so. */
  private static LayerBlob noted(RefRecord layer, LayerBlob blob, CompressionOptions options) {
    Instant latest = options.rewriteTimestampsTo();
    if (latest == null || !rewrites(layer, options)) {
      return blob;
    }
    String seconds = Long.toString(latest.getEpochSecond());
    return new LayerBlob(
        blob.descriptor().withAnnotation(LayerBlob.REWRITTEN_TIMESTAMP, seconds), blob.diffId());
  }

  /** The blob that serves, or null. */
  private @Nullable LayerBlob existing(RefRecord layer, CompressionOptions options) {
    if (context.content().isInDoubt()) {
      // To look at a blob takes long; with the lock held below, nobody could do anything else.
      context
          .locked(() -> List.copyOf(layer.blobs.values()))
          .forEach(blob -> context.content().contains(blob.digest()));
    }
    return context.look(
        () -> {
          String form = form(layer, options);
          Descriptor blob = layer.blobs.get(form);
          if (form.equals(RefRecord.OWN_BLOB) || blob == null) {
            Descriptor own = layer.blob();
            boolean serves =
                own != null
                    && !rewrites(layer, options)
                    && (!options.force() || sameKind(own, options.kind()));
            form = RefRecord.OWN_BLOB;
            blob = serves ? own : null;
          }
          Digest diffId = layer.diffIds.get(form);
          if (blob == null || diffId == null || isLost(layer, blob)) {
            return null;
          }
          return LayerPacker.describe(blob, diffId, layer.createdAt);
        });
  }

  /** A blob that was made here can be made again; one from elsewhere can be fetched. */
  private boolean isLost(RefRecord layer, Descriptor blob) {
    boolean fetchable = isForeign(layer) && blob.equals(layer.blob());
    return !fetchable && !context.content().contains(blob.digest());
  }

  private static boolean isForeign(RefRecord layer) {
    return layer.kind instanceof RefKind.OneLayer(var parent, var foreign) && foreign;
  }

  /** Times are rewritten in layers that were built here only. */
  private static boolean rewrites(RefRecord layer, CompressionOptions options) {
    return options.rewriteTimestampsTo() != null && !isForeign(layer);
  }

  private static boolean sameKind(Descriptor blob, Compression kind) {
    return Compression.ofMediaType(blob.mediaType())
        == (kind == Compression.ESTARGZ ? Compression.GZIP : kind);
  }

  /** The name under which a layer's blob for these options is recorded. */
  private static String form(RefRecord layer, CompressionOptions options) {
    Instant latest = options.rewriteTimestampsTo();
    if (rewrites(layer, options) && latest != null) {
      return options.kind().text() + "@" + latest.getEpochSecond();
    }
    return layer.blob() == null ? RefRecord.OWN_BLOB : options.kind().text();
  }

  private LayerBlob make(RefRecord layer, CompressionOptions options) throws IOException {
    String form = context.locked(() -> form(layer, options));
    return making.run(
        layer.id + " " + form,
        () -> {
          LayerBlob known = existing(layer, options);
          if (known != null) {
            return known;
          }
          acquire();
          try {
            LayerBlob blob = pack(layer, options);
            record(layer, form, blob);
            return blob;
          } finally {
            running.release();
          }
        });
  }

  private void acquire() throws InterruptedIOException {
    try {
      running.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted before compressing a layer");
    }
  }

  private LayerBlob pack(RefRecord layer, CompressionOptions options) throws IOException {
    Instant latest = rewrites(layer, options) ? options.rewriteTimestampsTo() : null;
    Descriptor own = context.look(layer::blob);
    boolean convert =
        latest == null
            && own != null
            && (isForeign(layer) || context.content().contains(own.digest()));
    if (convert) {
      fetches.fetch(layer, LayerProgress.NONE);
    } else {
      unlazier.unpack(layer, LayerProgress.NONE);
    }
    return LayerPacker.pack(
        out -> {
          if (convert && own != null) {
            try (InputStream tar = Decompressor.open(context.content().openStream(own.digest()))) {
              tar.transferTo(out);
            }
          } else {
            source.write(layer, out, latest);
          }
        },
        context.content(),
        options,
        context.locked(() -> layer.createdAt));
  }

  private void record(RefRecord layer, String form, LayerBlob made) {
    Descriptor plain = made.descriptor().withAnnotations(java.util.Map.of());
    context.locked(
        () -> {
          // A lost blob of this layer may come back with other bytes; the newest is what counts.
          context.table().setBlob(layer, form, plain, made.diffId());
          layer.size = -1;
          context.table().save(layer, false);
          return layer;
        });
  }

  /** Names the chains whose layers are all known by now, so that pulled twins are found. */
  private void recordChains(List<RefRecord> layers) {
    context.locked(
        () -> {
          for (RefRecord layer : layers) {
            boolean known = layer.chainId != null || !(layer.kind instanceof RefKind.OneLayer);
            if (known) {
              continue;
            }
            String parentId =
                layer.kind.parents().isEmpty() ? null : layer.kind.parents().getFirst();
            RefRecord parent = parentId == null ? null : context.table().held(parentId);
            Digest diffId = layer.diffId();
            Descriptor blob = layer.blob();
            if (diffId == null || blob == null || (parent != null && parent.chainId == null)) {
              continue;
            }
            context
                .table()
                .setChain(
                    layer,
                    ChainIds.next(parent == null ? null : parent.chainId, diffId),
                    ChainIds.nextBlob(
                        parent == null ? null : parent.blobChainId, blob.digest(), diffId));
            context.table().save(layer, false);
          }
          return layers;
        });
  }
}
