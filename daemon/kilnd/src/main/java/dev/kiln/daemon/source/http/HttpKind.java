package dev.kiln.daemon.source.http;

import com.google.protobuf.Timestamp;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.source.ResolvedSources;
import dev.kiln.daemon.source.SourceMetas;
import dev.kiln.daemon.source.Sources;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.Operation;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.ChecksumRequest;
import dev.kiln.wire.gateway.ChecksumResponse;
import dev.kiln.wire.gateway.ResolveSourceHTTPResponse;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sources of one of the schemes {@code http://} and {@code https://}. */
public final class HttpKind implements Sources.Kind, SourceMetas.Kind {
  private static final int MAX_SUFFIX_BYTES = 4096;

  private final String scheme;
  private final HttpFiles files;

  private HttpKind(String scheme, HttpFiles files) {
    this.scheme = scheme;
    this.files = files;
  }

  /** Both schemes. */
  public static List<HttpKind> both(
      RefStore refs, SessionRegistry sessions, ResolvedSources resolved, Path mountFolder) {
    HttpFiles files = new HttpFiles(refs, sessions, resolved, mountFolder);
    return List.of(new HttpKind("http", files), new HttpKind("https", files));
  }

  /** The scheme that this is for. */
  public String scheme() {
    return scheme;
  }

  @Override
  public Operation open(String rest, SourceOp source, Platform platform) throws IOException {
    return new HttpSource(HttpOptions.read(scheme, rest, source), files);
  }

  @Override
  public ResolveSourceMetaResponse resolve(
      Build build,
      VertexProgress progress,
      String rest,
      SourceOp source,
      Platform platform,
      ResolveSourceMetaRequest request)
      throws Exception {
    HttpOptions options = HttpOptions.read(scheme, rest, source);
    HttpFiles.Asker asker = new HttpFiles.Asker(List.of(build.job()), build::sessions);
    boolean checksum = request.getHTTP().hasChecksumRequest();
    if (checksum && request.getHTTP().getChecksumRequest().getSuffix().size() > MAX_SUFFIX_BYTES) {
      throw new IOException("http checksum request suffix exceeds max size " + MAX_SUFFIX_BYTES);
    }
    HttpContent content = files.find(options, asker);
    if (checksum && content.refId() == null) {
      content = files.resolve(options, asker);
    }
    ResolveSourceHTTPResponse.Builder http =
        ResolveSourceHTTPResponse.newBuilder()
            .setChecksum(content.digest())
            .setFilename(content.filename());
    if (content.lastModified() != null) {
      http.setLastModified(
          Timestamp.newBuilder().setSeconds(content.lastModified().getEpochSecond()));
    }
    if (checksum) {
      http.setChecksumResponse(
          checksum(options, content, asker, request.getHTTP().getChecksumRequest()));
    }
    return ResolveSourceMetaResponse.newBuilder().setSource(source).setHTTP(http).build();
  }

  private ChecksumResponse checksum(
      HttpOptions options, HttpContent content, HttpFiles.Asker asker, ChecksumRequest wanted)
      throws Exception {
    String algorithm =
        switch (wanted.getAlgo()) {
          case CHECKSUM_ALGO_SHA256 -> "SHA-256";
          case CHECKSUM_ALGO_SHA384 -> "SHA-384";
          case CHECKSUM_ALGO_SHA512 -> "SHA-512";
          case UNRECOGNIZED ->
              throw new IOException("unsupported checksum algorithm " + wanted.getAlgoValue());
        };
    byte[] suffix = wanted.getSuffix().toByteArray();
    return ChecksumResponse.newBuilder()
        .setDigest(HttpPayload.digest(files, options, content, asker, algorithm, suffix))
        .setSuffix(wanted.getSuffix())
        .build();
  }
}
