package dev.kiln.daemon.control;

import dev.kiln.daemon.gateway.CallRunner;
import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.daemon.progress.WireProgress;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.snapshotter.ref.PruneOptions;
import dev.kiln.snapshotter.ref.UsageRecord;
import dev.kiln.wire.control.BuildHistoryEvent;
import dev.kiln.wire.control.BuildHistoryRequest;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.DiskUsageRequest;
import dev.kiln.wire.control.DiskUsageResponse;
import dev.kiln.wire.control.InfoRequest;
import dev.kiln.wire.control.InfoResponse;
import dev.kiln.wire.control.ListWorkersRequest;
import dev.kiln.wire.control.ListWorkersResponse;
import dev.kiln.wire.control.PruneRequest;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.control.SolveResponse;
import dev.kiln.wire.control.StatusRequest;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.UpdateBuildHistoryRequest;
import dev.kiln.wire.control.UpdateBuildHistoryResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The Control service: what clients call on the daemon's socket (control.md). Calls run on virtual
 * threads of their own and may block. {@code Session} is served by the session registry instead.
 */
public final class ControlService extends ControlGrpc.ControlImplBase {
  private final Worker worker;
  private final Builds builds;
  private final SolveService solves;
  private final History history;
  private final CallRunner calls;

  public ControlService(
      Worker worker, Builds builds, SolveService solves, History history, CallRunner calls) {
    this.worker = worker;
    this.builds = builds;
    this.solves = solves;
    this.history = history;
    this.calls = calls;
  }

  @Override
  public void solve(SolveRequest request, StreamObserver<SolveResponse> out) {
    calls.unary(out, () -> solves.solve(request));
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
    calls.streaming(
        out,
        () -> {
          if (history.replay(request.getRef(), out)) {
            return;
          }
          ProgressLog log = builds.awaitProgress(request.getRef());
          if (log == null) {
            throw Status.NOT_FOUND
                .withDescription("no such job " + request.getRef())
                .asRuntimeException();
          }
          ProgressLog.Reader reader = log.read();
          for (StatusResponse next = reader.next(); next != null; next = reader.next()) {
            FlowControl.send(out, next);
          }
        });
  }

  @Override
  public void listWorkers(ListWorkersRequest request, StreamObserver<ListWorkersResponse> out) {
    calls.unary(
        out,
        () -> {
          ListWorkersResponse.Builder response = ListWorkersResponse.newBuilder();
          if (worker.matches(request.getFilterList())) {
            response.addRecord(worker.record(true));
          }
          return response.build();
        });
  }

  @Override
  public void info(InfoRequest request, StreamObserver<InfoResponse> out) {
    calls.unary(out, () -> InfoResponse.newBuilder().setBuildkitVersion(worker.version()).build());
  }

  @Override
  public void diskUsage(DiskUsageRequest request, StreamObserver<DiskUsageResponse> out) {
    calls.unary(
        out,
        () -> {
          DiskUsageResponse.Builder response = DiskUsageResponse.newBuilder();
          Instant oldest =
              request.getAgeLimit() > 0
                  ? Instant.now().minus(Duration.ofNanos(request.getAgeLimit()))
                  : Instant.MAX;
          for (UsageRecord record : usage(request.getFilterList())) {
            Instant lastUsed = record.lastUsedAt();
            if (lastUsed == null || !lastUsed.isAfter(oldest)) {
              response.addRecord(wire(record).setRecordType(record.recordType().text()));
            }
          }
          return response.build();
        });
  }

  private List<UsageRecord> usage(List<String> filters) throws IOException {
    try {
      return worker.refs().usage(filters);
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  @Override
  public void prune(PruneRequest request, StreamObserver<dev.kiln.wire.control.UsageRecord> out) {
    calls.streaming(
        out,
        () -> {
          PruneOptions options =
              new PruneOptions(
                  request.getFilterList(),
                  request.getAll(),
                  request.getKeepDuration() > 0
                      ? Duration.ofNanos(request.getKeepDuration())
                      : null,
                  request.getReservedSpace(),
                  request.getMaxUsedSpace(),
                  request.getMinFreeSpace());
          try {
            worker.prune(options, record -> out.onNext(wire(record).build()));
          } catch (IllegalArgumentException e) {
            throw invalid(e);
          }
        });
  }

  private static RuntimeException invalid(IllegalArgumentException e) {
    return Status.INVALID_ARGUMENT
        .withDescription(String.valueOf(e.getMessage()))
        .withCause(e)
        .asRuntimeException();
  }

  private static dev.kiln.wire.control.UsageRecord.Builder wire(UsageRecord record) {
    var out =
        dev.kiln.wire.control.UsageRecord.newBuilder()
            .setID(record.id())
            .setMutable(record.mutable())
            .setInUse(record.inUse())
            .setSize(record.mutable() && record.inUse() ? 0 : record.bytes())
            .addAllParents(record.parents())
            .setUsageCount(record.usageCount())
            .setDescription(record.description())
            .setCreatedAt(WireProgress.timestamp(record.createdAt()))
            .setShared(record.shared());
    Instant lastUsed = record.lastUsedAt();
    if (lastUsed != null) {
      out.setLastUsedAt(WireProgress.timestamp(lastUsed));
    }
    return out;
  }

  @Override
  public void listenBuildHistory(
      BuildHistoryRequest request, StreamObserver<BuildHistoryEvent> out) {
    calls.streaming(out, () -> history.listen(request, out));
  }

  @Override
  public void updateBuildHistory(
      UpdateBuildHistoryRequest request, StreamObserver<UpdateBuildHistoryResponse> out) {
    calls.unary(
        out,
        () -> {
          history.update(request);
          return UpdateBuildHistoryResponse.getDefaultInstance();
        });
  }
}
