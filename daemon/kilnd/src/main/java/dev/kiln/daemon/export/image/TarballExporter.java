package dev.kiln.daemon.export.image;

import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.RemoteBlobWriter;
import dev.kiln.wire.session.RemoteOutputs;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Exports an image to the client: as a tar with an OCI layout, which for type {@code docker} is one
 * that {@code docker load} takes as well, or as blobs into a store of the client.
 */
final class TarballExporter implements Exporter {
  private static final String CREATED = "org.opencontainers.image.created";
  private static final int COPY_BYTES = 1 << 20;

  private final String type;
  private final ImageOptions options;
  private final boolean tar;
  private final ImageAssembler assembler;
  private final SessionRegistry sessions;
  private final ContentStore store;
  private final LazyContent.Factory content;

  /**
   * Reads the attributes.
   *
   * @param type {@code oci} or {@code docker}
   */
  TarballExporter(
      String type,
      Map<String, String> attributes,
      ImageAssembler assembler,
      SessionRegistry sessions,
      ContentStore store,
      LazyContent.Factory content) {
    Attributes read = new Attributes(attributes);
    this.type = type;
    ImageOptions given = ImageOptions.read(read, false, attributes);
    this.options = type.equals("oci") ? given.ociByDefault() : given;
    this.tar = read.flag("tar", true);
    this.assembler = assembler;
    this.sessions = sessions;
    this.store = store;
    this.content = content;
  }

  @Override
  public String name() {
    return "exporting to " + type + " image format";
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public Exported export(Work work) throws Exception {
    if (type.equals("docker") && work.result().isMap() && work.result().refs().size() > 0) {
      throw BuildFailure.of(
          "docker exporter does not currently support exporting manifest lists", null);
    }
    AssembledImage image = assembler.assemble(work, options);
    List<ImageReference> names = Names.references(Names.of(options, work.result()));
    Instant created =
        image.options().epoch() != null
            ? image.options().epoch()
            : Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Descriptor root =
        image.root().annotation(CREATED) == null
            ? image.root().withAnnotation(CREATED, ConfigPatch.time(created))
            : image.root();
    AssembledImage described =
        new AssembledImage(
            root,
            image.platform(),
            image.configDigest(),
            image.isIndex(),
            image.trees(),
            image.options(),
            image.imageName());
    Map<String, String> response = new LinkedHashMap<>(ImageExporter.response(described));
    if (!names.isEmpty()) {
      response.put(
          "image.name", String.join(",", names.stream().map(ImageReference::toString).toList()));
    }
    try (LazyContent blobs = content.open(image.trees())) {
      blobs.fetchAll();
      Session session = sessions.get(work.build().sessionId());
      work.progress()
          .oneOff(
              "sending tarball",
              () -> {
                send(session, work.index(), described, names, response);
                return "";
              });
    }
    return new Exported(response, image.root(), null);
  }

  private void send(
      Session session,
      int index,
      AssembledImage image,
      List<ImageReference> names,
      Map<String, String> response)
      throws IOException {
    ImageLayout layout = new ImageLayout(store, image.root(), image.platform(), names);
    if (!tar) {
      copyBlobs(layout, ContentStoreClient.of(session, "export"));
      return;
    }
    try (OutputStream out = new RemoteOutputs(session).file(index, response)) {
      layout.write(out, type.equals("docker"));
    } catch (IOException e) {
      if (!alreadyExists(e)) {
        throw e;
      }
    }
  }

  private void copyBlobs(ImageLayout layout, ContentStoreClient target) throws IOException {
    for (Descriptor blob : layout.blobs()) {
      if (target.info(blob.digest()).isPresent()) {
        continue;
      }
      try (InputStream in = store.openStream(blob.digest());
          RemoteBlobWriter out =
              target.write("export-" + blob.digest(), blob.digest(), blob.size())) {
        if (out.isPresent()) {
          continue;
        }
        in.skipNBytes(out.offset());
        byte[] buffer = new byte[COPY_BYTES];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          out.write(buffer, 0, count);
        }
        out.commit(Map.of());
      }
    }
  }

  private static boolean alreadyExists(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof io.grpc.StatusRuntimeException status
          && status.getStatus().getCode() == io.grpc.Status.Code.ALREADY_EXISTS) {
        return true;
      }
    }
    return false;
  }
}
