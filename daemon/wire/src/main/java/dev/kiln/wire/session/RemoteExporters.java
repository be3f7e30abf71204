package dev.kiln.wire.session;

import com.google.protobuf.ByteString;
import dev.kiln.wire.exporter.ExporterGrpc;
import dev.kiln.wire.exporter.ExporterRequest;
import dev.kiln.wire.exporter.FinalizeExportRequest;
import dev.kiln.wire.exporter.FindExportersRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Exporters that a client chooses once it knows the result. Thread-safe. */
public final class RemoteExporters {
  private final Session session;

  /** Asks this session. */
  public RemoteExporters(Session session) {
    this.session = session;
  }

  /** The exporters that the client adds for this result; none if it offers no such service. */
  public List<ExporterRequest> find(Map<String, ByteString> metadata, Collection<String> refs) {
    var request =
        FindExportersRequest.newBuilder().putAllMetadata(metadata).addAllRefs(refs).build();
    try {
      return ExporterGrpc.newBlockingStub(session.channel())
          .findExporters(request)
          .getExportersList();
    } catch (StatusRuntimeException e) {
      if (absent(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /** Tells the client the final response, after everything succeeded. */
  public void finish(Map<String, String> response) {
    var request = FinalizeExportRequest.newBuilder().putAllExporterResponse(response).build();
    try {
      var _ = ExporterGrpc.newBlockingStub(session.channel()).finalizeExport(request);
    } catch (StatusRuntimeException e) {
      if (!absent(e)) {
        throw e;
      }
    }
  }

  private static boolean absent(StatusRuntimeException error) {
    Status.Code code = error.getStatus().getCode();
    return code == Status.Code.UNIMPLEMENTED || code == Status.Code.UNAVAILABLE;
  }
}
