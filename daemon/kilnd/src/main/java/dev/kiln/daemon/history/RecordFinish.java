package dev.kiln.daemon.history;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.control.History;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.progress.WireProgress;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.control.BuildHistoryRecord;
import dev.kiln.wire.control.BuildResultInfo;
import dev.kiln.wire.control.Descriptor;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.error.ErrorStatus;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Completes a record when its build ends. Stateless. */
final class RecordFinish {
  private static final String ERROR_MEDIA_TYPE =
      "application/vnd.googeapis.google.rpc.status+proto";

  private RecordFinish() {}

  static BuildHistoryRecord finish(
      BuildHistoryRecord begun,
      Build build,
      ContentStore content,
      Clock clock,
      @Nullable Map<String, String> response,
      @Nullable Throwable failure,
      History.Results results)
      throws IOException {
    BuildHistoryRecord.Builder out =
        begun.toBuilder()
            .setCompletedAt(WireProgress.timestamp(clock.instant()))
            .setLogs(log(build, content))
            .setNumWarnings(build.progress().warningCount());
    count(out, build.progress().vertices());
    if (response != null) {
      out.putAllExporterResponse(response);
      out.setResult(result(results.exported()));
    }
    for (Map.Entry<String, ByteString> each : results.provenance().entrySet()) {
      Descriptor provenance = provenance(each.getValue(), content);
      if (each.getKey().isEmpty()) {
        out.getResultBuilder().addAttestations(provenance);
      } else {
        out.putResults(
            each.getKey(),
            out.getResultsOrDefault(each.getKey(), BuildResultInfo.getDefaultInstance()).toBuilder()
                .addAttestations(provenance)
                .build());
      }
    }
    byte[] misses = MissReport.of(build.ref(), build.progress());
    if (misses.length > 0) {
      out.getResultBuilder()
          .addAttestations(
              Descriptor.newBuilder()
                  .setMediaType(MissReport.MEDIA_TYPE)
                  .setDigest(content.put(misses).text())
                  .setSize(misses.length));
    }
    if (failure != null) {
      Status status = StatusProto.fromThrowable(ErrorStatus.of(failure));
      if (status != null) {
        out.setError(status.toBuilder().clearDetails());
        byte[] bytes =
            status.toBuilder().addDetails(0, StackDetail.of(failure)).build().toByteArray();
        out.setExternalError(
            Descriptor.newBuilder()
                .setMediaType(ERROR_MEDIA_TYPE)
                .setDigest(content.put(bytes).text())
                .setSize(bytes.length));
      }
    }
    return out.build();
  }

  private static Descriptor provenance(ByteString predicate, ContentStore content)
      throws IOException {
    return Descriptor.newBuilder()
        .setMediaType("application/vnd.in-toto+json")
        .setDigest(content.put(predicate.toByteArray()).text())
        .setSize(predicate.size())
        .putAnnotations("in-toto.io/predicate-type", "https://slsa.dev/provenance/v1")
        .build();
  }

  private static Descriptor log(Build build, ContentStore content) throws IOException {
    try (ContentStore.Writer writer = content.newWriter()) {
      StatusLog.write(build.progress(), writer.asStream());
      long size = writer.size();
      Digest digest = writer.commit(null, -1);
      return Descriptor.newBuilder()
          .setMediaType(StatusLog.MEDIA_TYPE)
          .setDigest(digest.text())
          .setSize(size)
          .build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not record the build's log: interrupted", e);
    }
  }

  private static void count(BuildHistoryRecord.Builder out, Collection<Vertex> vertices) {
    out.setNumTotalSteps(vertices.size());
    out.setNumCachedSteps((int) vertices.stream().filter(Vertex::getCached).count());
    out.setNumCompletedSteps((int) vertices.stream().filter(Vertex::hasCompleted).count());
  }

  private static BuildResultInfo result(List<Exporter.Exported> exported) {
    BuildResultInfo.Builder out = BuildResultInfo.newBuilder();
    for (int i = 0; i < exported.size(); i++) {
      var descriptor = exported.get(i).descriptor();
      if (descriptor == null) {
        continue;
      }
      Descriptor wire =
          Descriptor.newBuilder()
              .setMediaType(descriptor.mediaType())
              .setDigest(descriptor.digest().text())
              .setSize(descriptor.size())
              .putAllAnnotations(descriptor.annotations())
              .build();
      out.putResults(i, wire);
      if (!out.hasResultDeprecated()) {
        out.setResultDeprecated(wire);
      }
    }
    return out.build();
  }
}
