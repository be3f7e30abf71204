package dev.kiln.daemon.source;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.image.LayoutImages;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.Operation;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;

/** Sources {@code oci-layout://}. */
public final class LayoutKind implements Sources.Kind, SourceMetas.Kind {
  private final RefStore refs;
  private final SessionRegistry sessions;

  public LayoutKind(RefStore refs, SessionRegistry sessions) {
    this.refs = refs;
    this.sessions = sessions;
  }

  private LayoutImages images(String rest, SourceOp source) {
    String store = source.getAttrsOrDefault("oci.store", "");
    return new LayoutImages(
        refs.content(),
        sessions,
        source.getAttrsOrDefault("oci.session", ""),
        store.isEmpty() ? LayoutImages.storeOf(rest) : store);
  }

  @Override
  public Operation open(String rest, SourceOp source, Platform platform) throws IOException {
    ImageReference reference = LayoutImages.parse(rest);
    String limit = source.getAttrsOrDefault("oci.layerlimit", "");
    return new ImageSource(reference, limit, source, platform, images(rest, source), refs);
  }

  @Override
  public ResolveSourceMetaResponse resolve(
      Build build,
      VertexProgress progress,
      String rest,
      SourceOp source,
      Platform platform,
      ResolveSourceMetaRequest request)
      throws IOException {
    ImageReference reference = LayoutImages.parse(rest);
    return SourceMetas.image(images(rest, source), reference, build, platform, request, source);
  }
}
