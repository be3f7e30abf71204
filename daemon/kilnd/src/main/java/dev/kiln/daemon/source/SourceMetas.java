package dev.kiln.daemon.source;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.export.image.PackageUrl;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.image.ImageOrigin;
import dev.kiln.daemon.image.Images;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.transfer.PulledImage;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.llb.Platforms;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.AttestationChain;
import dev.kiln.wire.gateway.ResolveSourceImageRequest;
import dev.kiln.wire.gateway.ResolveSourceImageResponse;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.sourcepolicy.Policy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Answers what sources stand for, shown as a vertex of the build (gateway.md, section 3). Safe for
 * use by many threads.
 */
public final class SourceMetas implements BuildServices.SourceMetaResolver {
  private final BuildServices.PolicyEngine policies;
  private final Map<String, Kind> kinds;
  private final Platform defaultPlatform;

  /** Resolves the sources of one scheme. */
  @FunctionalInterface
  public interface Kind {
    /**
     * Answers what a source stands for now.
     *
     * @param progress of the vertex that shows the look-up
     * @param rest the identifier after {@code scheme://}
     * @param platform normalised
     */
    ResolveSourceMetaResponse resolve(
        Build build,
        VertexProgress progress,
        String rest,
        SourceOp source,
        Platform platform,
        ResolveSourceMetaRequest request)
        throws Exception;
  }

  public SourceMetas(
      BuildServices.PolicyEngine policies, Map<String, Kind> kinds, Platform defaultPlatform) {
    this.policies = policies;
    this.kinds = Map.copyOf(kinds);
    this.defaultPlatform = defaultPlatform;
  }

  @Override
  public ResolveSourceMetaResponse resolve(
      Build build, List<Policy> more, ResolveSourceMetaRequest request)
      throws InterruptedException {
    if (!request.hasSource()) {
      throw io.grpc.Status.INVALID_ARGUMENT
          .withDescription("source is required")
          .asRuntimeException();
    }
    SourceOp source = allowed(build, more, request);
    String identifier = source.getIdentifier();
    int at = identifier.indexOf("://");
    Kind kind = at < 0 ? null : kinds.get(identifier.substring(0, at));
    if (kind == null) {
      return ResolveSourceMetaResponse.newBuilder().setSource(source).build();
    }
    Platform platform =
        Platforms.normalize(request.hasPlatform() ? request.getPlatform() : defaultPlatform);
    String name =
        request.getLogName().isEmpty()
            ? "resolve image config for " + identifier
            : request.getLogName();
    try {
      return build
          .job()
          .inContext(
              identifier + PackageUrl.format(platform),
              name,
              progress ->
                  kind.resolve(
                      build,
                      progress,
                      identifier.substring(at + "://".length()),
                      source,
                      platform,
                      request));
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw BuildFailure.of(String.valueOf(e.getMessage()), e);
    }
  }

  private SourceOp allowed(Build build, List<Policy> more, ResolveSourceMetaRequest request) {
    Op.Builder op = Op.newBuilder().setSource(request.getSource());
    if (request.hasPlatform()) {
      op.setPlatform(request.getPlatform());
    }
    try {
      return policies.evaluate(build, more, op.build()).getSource();
    } catch (Exception e) {
      throw BuildFailure.of("could not resolve image due to policy: " + e.getMessage(), e);
    }
  }

  /** Images in registries. */
  public static Kind images(Images images) {
    return (build, progress, rest, source, platform, request) ->
        image(images, Images.parse(rest), build, platform, request, source);
  }

  /** What is answered about an image. */
  static ResolveSourceMetaResponse image(
      ImageOrigin images,
      ImageReference reference,
      Build build,
      Platform platform,
      ResolveSourceMetaRequest request,
      SourceOp source)
      throws IOException {
    PulledImage image;
    try {
      image = images.find(reference, platform, build::sessions);
    } catch (IOException e) {
      throw new IOException(
          "failed to resolve source metadata for " + reference + ": " + e.getMessage(), e);
    }
    ResolveSourceImageResponse.Builder out =
        ResolveSourceImageResponse.newBuilder().setDigest(image.root().digest().text());
    ResolveSourceImageRequest wanted = request.getImage();
    if (!wanted.getNoConfig()) {
      out.setConfig(ByteString.copyFrom(image.configBytes()));
    }
    if (wanted.getAttestationChain() || wanted.getResolveAttestationsCount() > 0) {
      AttestationChain chain =
          images.attestations(
              image, Set.copyOf(wanted.getResolveAttestationsList()), build::sessions);
      if (chain != null) {
        out.setAttestationChain(chain);
      }
    }
    return ResolveSourceMetaResponse.newBuilder().setSource(source).setImage(out).build();
  }
}
