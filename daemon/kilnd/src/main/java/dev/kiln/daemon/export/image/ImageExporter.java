package dev.kiln.daemon.export.image;

import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.image.Images;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.ImagePusher;
import dev.kiln.solver.VertexProgress;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Exports to the content store and, where asked, pushes to registries (type {@code image}). */
final class ImageExporter implements Exporter {
  private final ImageOptions options;
  private final boolean push;
  private final boolean byDigest;
  private final boolean insecure;
  private final boolean canonicalName;
  private final String danglingPrefix;
  private final ImageAssembler assembler;
  private final Images images;
  private final LazyContent.Factory content;

  ImageExporter(
      Map<String, String> attributes,
      ImageAssembler assembler,
      Images images,
      LazyContent.Factory content) {
    Attributes read = new Attributes(attributes);
    this.options = ImageOptions.read(read, true, attributes);
    this.push = read.flag("push", false);
    this.byDigest = read.flag("push-by-digest", false);
    this.insecure = read.flag("registry.insecure", false);
    this.canonicalName = read.flag("name-canonical", false);
    this.danglingPrefix = read.text("dangling-name-prefix", "");
    if (options.rewriteTimestamps() && read.flag("unpack", false)) {
      throw BuildFailure.of(
          "exporter option \"rewrite-timestamp\" conflicts with \"unpack\"", null);
    }
    this.assembler = assembler;
    this.images = images;
    this.content = content;
  }

  @Override
  public String name() {
    return "exporting to image";
  }

  @Override
  public String type() {
    return "image";
  }

  @Override
  public Exported export(Work work) throws Exception {
    AssembledImage image = assembler.assemble(work, options);
    List<String> names = Names.of(options, work.result());
    if (push && names.isEmpty()) {
      throw BuildFailure.of("tag is needed when pushing to registry", null);
    }
    List<ImageReference> targets = Names.references(names);
    for (String name : names) {
      work.progress().oneOff("naming to " + fullName(name), () -> "");
      if (canonicalName) {
        work.progress()
            .oneOff("naming to " + fullName(name) + "@" + image.root().digest(), () -> "");
      }
    }
    if (names.isEmpty() && !danglingPrefix.isEmpty()) {
      work.progress().oneOff("naming to " + danglingPrefix + "@" + image.root().digest(), () -> "");
    }
    Map<String, String> response = response(image);
    if (!names.isEmpty()) {
      response.put("image.name", String.join(",", names));
    }
    if (push) {
      // The image goes out within the exporter's vertex, so that its progress shows there.
      push(work, image, targets);
    }
    return new Exported(response, image.root(), null);
  }

  private static String fullName(String name) {
    return ImageReference.parse(name).withDefaultTag().toString();
  }

  static Map<String, String> response(AssembledImage image) {
    Map<String, String> response = new LinkedHashMap<>();
    response.put("containerimage.digest", image.root().digest().text());
    if (image.configDigest() != null) {
      response.put("containerimage.config.digest", image.configDigest());
    }
    byte[] descriptor =
        ManifestJson.compact(ManifestJson.descriptor(image.root(), image.platform()));
    response.put("containerimage.descriptor", Base64.getEncoder().encodeToString(descriptor));
    return response;
  }

  private void push(Work work, AssembledImage image, List<ImageReference> targets)
      throws Exception {
    for (ImageReference target : targets) {
      if (byDigest && target.tag().isPresent() && isTagged(target)) {
        throw BuildFailure.of("can't push tagged ref " + target + " by digest", null);
      }
      ImageReference to = byDigest ? target.nameOnly() : target;
      Repository repository = images.openForWriting(to, work.build()::sessions, insecure);
      pushTo(work.progress(), image, to, repository);
    }
  }

  private boolean isTagged(ImageReference target) {
    return options.names().stream().anyMatch(name -> name.endsWith(":" + target.object()));
  }

  private void pushTo(
      VertexProgress progress, AssembledImage image, ImageReference to, Repository repository)
      throws Exception {
    PushStatus status = new PushStatus(progress);
    try (LazyContent blobs = content.open(image.trees())) {
      new ImagePusher(repository, blobs, status).push(to, image.root());
    } finally {
      status.close();
    }
    progress.oneOff("pushing manifest for " + to + "@" + image.root().digest(), () -> "");
  }
}
