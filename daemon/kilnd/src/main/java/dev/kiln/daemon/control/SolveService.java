package dev.kiln.daemon.control;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.build.Entitlements;
import dev.kiln.daemon.device.Devices;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.gateway.ContainerTable;
import dev.kiln.daemon.gateway.FrontendSession;
import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.daemon.trace.BuildTrace;
import dev.kiln.daemon.trace.TraceHeaders;
import dev.kiln.daemon.trace.Tracing;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Job;
import dev.kiln.solver.Solver;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.control.SolveResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes solve requests and sees each through to its response. Safe for use by many threads. */
public final class SolveService {
  private static final Logger log = LoggerFactory.getLogger(SolveService.class);

  private final Parts parts;

  /**
   * What a solve is done with.
   *
   * @param allowedEntitlements what the daemon's configuration allows
   * @param devices the devices that builds may be granted
   * @param afterBuild told after each build, for garbage collection
   */
  public record Parts(
      Solver solver,
      Builds builds,
      BuildServices services,
      Worker worker,
      Exporter.Factory exporters,
      PostProcessors postProcessors,
      CacheExportFactory cacheExports,
      ClientExporters clientExporters,
      History history,
      Tracing tracing,
      ContainerTable.Factory containers,
      Set<String> allowedEntitlements,
      Devices devices,
      Clock clock,
      Runnable afterBuild) {}

  /** Finds out which post-processing a request asks for. */
  public interface PostProcessors {
    /**
     * The post-processing of one request.
     *
     * @throws BuildFailure for an unknown attestation or a bad parameter
     */
    PostProcessor of(SolveRequest request);

    /**
     * The provenance that a build's record keeps, by the keys of the result.
     *
     * @param result as the frontend returned it, while the build's job is open
     */
    Map<String, ByteString> recorded(BuildBridge bridge, BuildResult result) throws Exception;
  }

  /** Finds out which cache exports a request asks for. */
  @FunctionalInterface
  public interface CacheExportFactory {
    /**
     * The cache exports of one request.
     *
     * @throws BuildFailure for an unknown backend or a bad attribute
     */
    CacheExports of(SolveRequest request);
  }

  public SolveService(Parts parts) {
    this.parts = parts;
  }

  /**
   * Runs a build. An interrupt of the calling thread cancels it.
   *
   * @return the response, once everything was exported and recorded
   */
  public SolveResponse solve(SolveRequest original) throws Exception {
    SolveRequest request = SolveRequests.normalize(original);
    List<Exporter> exporters = new ArrayList<>();
    for (var each : request.getExportersList()) {
      exporters.add(parts.exporters().create(each.getType(), each.getAttrsMap()));
    }
    PostProcessor postProcessor = parts.postProcessors().of(request);
    CacheExports cacheExports = parts.cacheExports().of(request);
    Entitlements entitlements =
        Entitlements.grant(
            request.getEntitlementsList(), parts.allowedEntitlements(), parts.devices());

    ProgressLog progress = new ProgressLog(parts.clock());
    Job job = newJob(request, progress);
    BuildTrace trace = parts.tracing().begin(TraceHeaders.current(), request.getRef());
    try (Build build = new Build(request, job, progress, entitlements, trace)) {
      return run(build, exporters, postProcessor, cacheExports);
    } finally {
      job.closeProgress();
      progress.close();
      parts.afterBuild().run();
    }
  }

  private Job newJob(SolveRequest request, ProgressLog progress) {
    try {
      return parts.solver().newJob(request.getRef(), request.getSession(), progress);
    } catch (IllegalArgumentException e) {
      throw BuildFailure.of("job ID " + request.getRef() + " exists", e);
    }
  }

  private SolveResponse run(
      Build build, List<Exporter> exporters, PostProcessor postProcessor, CacheExports cacheExports)
      throws Exception {
    BuildBridge bridge = new BuildBridge(build, parts.services());
    @Nullable FrontendSession frontend = frontendSession(build, bridge);
    SolveRun solve =
        new SolveRun(
            build,
            bridge,
            frontend,
            exporters,
            postProcessor,
            cacheExports,
            parts.clientExporters());
    parts.builds().add(build, frontend);
    History.@Nullable Recording recording =
        build.request().getInternal() ? null : parts.history().begin(build);
    Thread caller = Thread.currentThread();
    try (Cancellation.Registration ignored = build.cancellation().onCancel(caller::interrupt)) {
      Map<String, String> response = solve.run();
      finish(bridge, recording, response, null, solve);
      return SolveResponse.newBuilder().putAllExporterResponse(response).build();
    } catch (Exception failure) {
      boolean interrupted = Thread.interrupted() || failure instanceof InterruptedException;
      build.cancellation().cancel();
      Thread.interrupted();
      finishFailed(bridge, recording, failure, solve);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      throw failure;
    } finally {
      parts.builds().remove(build);
      if (frontend != null) {
        frontend.fail(new InterruptedException("the build has ended"));
        frontend.close();
      }
    }
  }

  /** Ends the progress before the record is written, since the record holds the progress. */
  private void finish(
      BuildBridge bridge,
      History.@Nullable Recording recording,
      @Nullable Map<String, String> response,
      @Nullable Throwable failure,
      SolveRun solve)
      throws Exception {
    Build build = bridge.build();
    build.job().closeProgress();
    build.progress().close();
    build.trace().end(parts.clock().instant(), build.progress(), failure);
    if (recording != null) {
      BuildResult obtained = solve.obtained();
      recording.end(
          response,
          failure,
          new History.Results(solve.exported(), () -> provenance(bridge, obtained)));
    }
  }

  private Map<String, ByteString> provenance(BuildBridge bridge, @Nullable BuildResult result) {
    if (result == null) {
      return Map.of();
    }
    try {
      return parts.postProcessors().recorded(bridge, result);
    } catch (Exception e) {
      log.warn("the record of build {} lacks its provenance", bridge.build().ref(), e);
      return Map.of();
    }
  }

  /** The user is to learn why the build failed, not why that could not be written down. */
  private void finishFailed(
      BuildBridge bridge,
      History.@Nullable Recording recording,
      Exception failure,
      SolveRun solve) {
    try {
      finish(bridge, recording, null, failure, solve);
    } catch (Exception e) {
      failure.addSuppressed(e);
      log.warn("could not record the failed build {}: {}", bridge.build().ref(), e.getMessage());
    }
  }

  private @Nullable FrontendSession frontendSession(Build build, BuildBridge bridge) {
    SolveRequest request = build.request();
    if (request.hasDefinition() || !request.getFrontend().isEmpty()) {
      return null;
    }
    return new FrontendSession(
        bridge,
        request.getFrontendInputsMap(),
        Pong.of(parts.worker().record(false)),
        parts.containers());
  }
}
