package dev.kiln.daemon.export.image;

import dev.kiln.daemon.export.Exporters;
import dev.kiln.daemon.image.Images;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.session.SessionRegistry;
import java.nio.file.Path;
import java.util.Map;

/** The exporters that make images. */
public final class ImageExporters {
  private ImageExporters() {}

  /**
   * The makers by type.
   *
   * @param platform of images about which nothing is said
   * @param mountFolder where trees are mounted to read attestations from
   */
  public static Map<String, Exporters.Maker> of(
      ContentStore store,
      Images images,
      SessionRegistry sessions,
      Platform platform,
      Path mountFolder) {
    AttestationWriter attestations = new AttestationWriter(store, new Statements(mountFolder));
    ImageAssembler assembler = new ImageAssembler(store, platform, attestations);
    LazyContent.Factory content = trees -> new LazyContent(store, trees);
    return Map.of(
        "image",
        attributes -> new ImageExporter(attributes, assembler, images, content),
        "oci",
        attributes -> new TarballExporter("oci", attributes, assembler, sessions, store, content),
        "docker",
        attributes ->
            new TarballExporter("docker", attributes, assembler, sessions, store, content));
  }
}
