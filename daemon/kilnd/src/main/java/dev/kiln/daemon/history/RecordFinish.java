package dev.kiln.daemon.history;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.control.History;
import dev.kiln.daemon.control.Parallel;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Completes a record when its build ends. Stateless. */
final class RecordFinish {
  private static final String ERROR_MEDIA_TYPE =
      "application/vnd.googeapis.google.rpc.status+proto";

  private static final String PROVENANCE_MEDIA_TYPE = "application/vnd.in-toto+json";

  private RecordFinish() {}

  /**
   * Makes the record of an ended build. Its blobs are made and written at once, since each waits
   * for the disk.
   */
  static BuildHistoryRecord finish(
      BuildHistoryRecord begun,
      Build build,
      ContentStore content,
      Clock clock,
      @Nullable Map<String, String> response,
      @Nullable Throwable failure,
      History.Results results)
      throws Exception {
    BuildHistoryRecord.Builder out =
        begun.toBuilder()
            .setCompletedAt(WireProgress.timestamp(clock.instant()))
            .setNumWarnings(build.progress().warningCount());
    count(out, build.progress().vertices());
    if (response != null) {
      out.putAllExporterResponse(response);
      out.setResult(result(results.exported()));
    }
    List<Callable<BuildHistoryRecord>> parts =
        List.of(
            () -> log(build, content),
            () -> provenance(results.provenance().get(), content),
            () -> misses(build, content),
            () -> failure(failure, content));
    Parallel.run(parts).forEach(out::mergeFrom);
    return out.build();
  }

  private static BuildHistoryRecord log(Build build, ContentStore content)
      throws IOException, InterruptedException {
    try (ContentStore.Writer writer = content.newWriter()) {
      StatusLog.write(build.progress(), writer.asStream());
      long size = writer.size();
      Digest digest = writer.commit(null, -1);
      return BuildHistoryRecord.newBuilder()
          .setLogs(
              Descriptor.newBuilder()
                  .setMediaType(StatusLog.MEDIA_TYPE)
                  .setDigest(digest.text())
                  .setSize(size))
          .build();
    }
  }

  private static BuildHistoryRecord provenance(
      Map<String, ByteString> predicates, ContentStore content) throws IOException {
    BuildHistoryRecord.Builder out = BuildHistoryRecord.newBuilder();
    for (Map.Entry<String, ByteString> each : predicates.entrySet()) {
      Descriptor blob =
          put(PROVENANCE_MEDIA_TYPE, each.getValue().toByteArray(), content).toBuilder()
              .putAnnotations("in-toto.io/predicate-type", "https://slsa.dev/provenance/v1")
              .build();
      if (each.getKey().isEmpty()) {
        out.getResultBuilder().addAttestations(blob);
      } else {
        out.putResults(each.getKey(), BuildResultInfo.newBuilder().addAttestations(blob).build());
      }
    }
    return out.build();
  }

  private static BuildHistoryRecord misses(Build build, ContentStore content) throws IOException {
    BuildHistoryRecord.Builder out = BuildHistoryRecord.newBuilder();
    byte[] misses = MissReport.of(build.ref(), build.progress());
    if (misses.length > 0) {
      out.getResultBuilder().addAttestations(put(MissReport.MEDIA_TYPE, misses, content));
    }
    return out.build();
  }

  private static BuildHistoryRecord failure(@Nullable Throwable failure, ContentStore content)
      throws IOException {
    BuildHistoryRecord.Builder out = BuildHistoryRecord.newBuilder();
    Status status = failure == null ? null : StatusProto.fromThrowable(ErrorStatus.of(failure));
    if (failure != null && status != null) {
      out.setError(status.toBuilder().clearDetails());
      Status external = status.toBuilder().addDetails(0, StackDetail.of(failure)).build();
      out.setExternalError(put(ERROR_MEDIA_TYPE, external.toByteArray(), content));
    }
    return out.build();
  }

  private static Descriptor put(String mediaType, byte[] bytes, ContentStore content)
      throws IOException {
    return Descriptor.newBuilder()
        .setMediaType(mediaType)
        .setDigest(content.put(bytes).text())
        .setSize(bytes.length)
        .build();
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
