package dev.kiln.daemon.source;

import dev.kiln.daemon.image.ImageOrigin;
import dev.kiln.daemon.provenance.Capture;
import dev.kiln.daemon.provenance.Captured;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.PulledImage;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.BlobProvider;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.RecordType;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.SourceKeys;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image from a registry or a layout. Its keys come from manifest and config alone; layers stay
 * where they are until something mounts them (llb.md, section 4).
 */
final class ImageSource implements Operation, Captured {
  private final ImageReference reference;
  private final Platform platform;
  private final int layerLimit;
  private final RecordType recordType;
  private final @Nullable String checksum;
  private final ImageOrigin images;
  private final RefStore refs;
  private @Nullable PulledImage found;

  /**
   * @param layerLimit how many of the lowest layers are wanted; empty for all
   */
  ImageSource(
      ImageReference reference,
      String layerLimit,
      SourceOp source,
      Platform platform,
      ImageOrigin images,
      RefStore refs)
      throws IOException {
    this.reference = reference;
    this.platform = platform;
    this.images = images;
    this.refs = refs;
    this.layerLimit = layerLimit(layerLimit);
    this.recordType = RecordType.of(source.getAttrsOrDefault("image.recordtype", ""));
    String wanted = source.getAttrsOrDefault("image.checksum", "");
    this.checksum = wanted.isEmpty() ? null : wanted;
  }

  static int layerLimit(String text) throws IOException {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit > 0) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw new IOException("invalid layer limit " + text, e);
    }
    throw new IOException("invalid layer limit " + text);
  }

  private synchronized PulledImage find(OpContext context) throws Exception {
    PulledImage image = found;
    if (image == null) {
      image =
          context
              .progress()
              .oneOff(
                  "resolve " + reference,
                  () -> images.find(reference, platform, context::sessions));
      check(image.root());
      found = image;
    }
    return image;
  }

  private void check(Descriptor root) throws IOException {
    if (checksum != null && !checksum.equals(root.digest().text())) {
      throw new IOException(
          "image digest "
              + root.digest()
              + " for "
              + reference
              + " does not match expected checksum "
              + checksum);
    }
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) throws Exception {
    PulledImage image = find(context);
    List<PulledImage.Layer> layers = limited(image);
    String byManifest = SourceKeys.image(image.root().digest().text(), platform, layerLimit);
    if (index == 0) {
      return new CacheMap(SourceKeys.digest(byManifest), List.of(), false);
    }
    String key =
        layers.isEmpty()
            ? byManifest
            : SourceKeys.imageContent(layers.stream().map(l -> l.diffId().text()).toList());
    return new CacheMap(SourceKeys.digest(key), List.of(), true);
  }

  @Override
  public synchronized String resolved() {
    return found == null ? "" : found.root().digest().text();
  }

  @Override
  public synchronized void capture(Capture into) {
    if (found != null) {
      into.add(
          new Capture.Image(
              reference.toString(), platform, found.root().digest().text(), images.isLocal()));
    }
  }

  private List<PulledImage.Layer> limited(PulledImage image) {
    List<PulledImage.Layer> all = image.layers();
    return layerLimit > 0 && layerLimit < all.size() ? all.subList(0, layerLimit) : all;
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    PulledImage image = find(context);
    BlobProvider provider = images.layers(reference, context::sessions);
    String description = "pulled from " + reference;
    ImmutableRef top = null;
    for (PulledImage.Layer layer : limited(image)) {
      Descriptor blob = images.noted(reference, layer.blob());
      ImmutableRef next =
          refs.layer(
              top,
              blob,
              layer.diffId(),
              provider,
              RefOptions.described(description).withType(recordType));
      if (top != null) {
        top.close();
      }
      top = next;
    }
    return List.of(new RefResult(top));
  }
}
