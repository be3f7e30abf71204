package dev.kiln.daemon.gateway;

import com.google.rpc.Status;
import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.EvaluateRequest;
import dev.kiln.wire.gateway.EvaluateResponse;
import dev.kiln.wire.gateway.InputsResponse;
import dev.kiln.wire.gateway.PongResponse;
import dev.kiln.wire.gateway.ResolveImageConfigRequest;
import dev.kiln.wire.gateway.ResolveImageConfigResponse;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.gateway.ReturnRequest;
import dev.kiln.wire.gateway.ReturnResponse;
import dev.kiln.wire.gateway.SolveRequest;
import dev.kiln.wire.gateway.SolveResponse;
import dev.kiln.wire.gateway.WarnRequest;
import dev.kiln.wire.gateway.WarnResponse;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One frontend that drives a build over gRPC: the refs that it was given, the containers that it
 * opened and, in the end, the result that it returned. Safe for use by many threads.
 */
public final class FrontendSession implements AutoCloseable {
  private final BuildBridge bridge;
  private final Map<String, Definition> inputs;
  private final PongResponse pong;
  private final RefTable refs = new RefTable();
  private final RefFiles files;
  private final ContainerTable containers;
  private final CompletableFuture<BuildResult> returned = new CompletableFuture<>();

  public FrontendSession(
      BuildBridge bridge,
      Map<String, Definition> inputs,
      PongResponse pong,
      ContainerTable.Factory containers) {
    this.bridge = bridge;
    this.inputs = Map.copyOf(inputs);
    this.pong = pong;
    this.files = new RefFiles(refs, this::explain, bridge.services().mountFolder());
    this.containers = containers.create(bridge, refs::find);
  }

  PongResponse ping() {
    return pong;
  }

  RefFiles files() {
    return files;
  }

  ContainerTable containers() {
    return containers;
  }

  InputsResponse inputs() {
    return InputsResponse.newBuilder().putAllDefinitions(inputs).build();
  }

  SolveResponse solve(SolveRequest request) throws InterruptedException {
    BuildBridge.Request wanted = Messages.solveRequest(request);
    BuildResult result;
    try {
      result = bridge.solve(wanted);
    } catch (RuntimeException e) {
      throw containers.explain(e);
    }
    return Messages.solveResponse(request, result, refs);
  }

  EvaluateResponse evaluate(EvaluateRequest request) throws InterruptedException {
    BuildRef ref = refs.find(request.getRef());
    try {
      if (ref != null) {
        ref.evaluate();
      }
    } catch (RuntimeException e) {
      throw containers.explain(e);
    }
    return EvaluateResponse.getDefaultInstance();
  }

  ResolveSourceMetaResponse resolveSourceMeta(ResolveSourceMetaRequest request)
      throws InterruptedException {
    return bridge.resolveSourceMeta(request);
  }

  ResolveImageConfigResponse resolveImageConfig(ResolveImageConfigRequest request)
      throws InterruptedException {
    SourceOp source = Messages.imageSource(request);
    ResolveSourceMetaRequest.Builder full =
        ResolveSourceMetaRequest.newBuilder()
            .setSource(source)
            .setLogName(request.getLogName())
            .setResolveMode(request.getResolveMode())
            .addAllSourcePolicies(request.getSourcePoliciesList());
    if (request.hasPlatform()) {
      full.setPlatform(request.getPlatform());
    }
    ResolveSourceMetaResponse answer = bridge.resolveSourceMeta(full.build());
    return ResolveImageConfigResponse.newBuilder()
        .setDigest(answer.getImage().getDigest())
        .setConfig(answer.getImage().getConfig())
        .setRef(Messages.withoutScheme(answer.getSource().getIdentifier()))
        .build();
  }

  WarnResponse warn(WarnRequest request) {
    for (dev.kiln.solver.pb.Range range : request.getRangesList()) {
      if (!range.hasStart() || !range.hasEnd()) {
        throw io.grpc.Status.INVALID_ARGUMENT
            .withDescription("invalid warning: a range lacks its start or its end")
            .asRuntimeException();
      }
    }
    bridge.warn(request);
    return WarnResponse.getDefaultInstance();
  }

  /** Makes a ref known to the client under an id. */
  public String publish(BuildRef ref) {
    return refs.add(ref);
  }

  private RuntimeException explain(RuntimeException failure) {
    return containers.explain(failure);
  }

  ReturnResponse finish(ReturnRequest request) {
    if (request.hasResult() == request.hasError()) {
      throw io.grpc.Status.INVALID_ARGUMENT
          .withDescription("gateway return must be either result or err")
          .asRuntimeException();
    }
    boolean first =
        request.hasError()
            ? returned.completeExceptionally(failureOf(request.getError()))
            : returned.complete(Messages.buildResult(request.getResult(), refs));
    if (!first) {
      throw io.grpc.Status.ALREADY_EXISTS
          .withDescription("gateway result is already set")
          .asRuntimeException();
    }
    return ReturnResponse.getDefaultInstance();
  }

  private static RuntimeException failureOf(Status error) {
    int code = error.getCode() == 0 ? io.grpc.Status.Code.UNKNOWN.value() : error.getCode();
    return StatusProto.toStatusRuntimeException(error.toBuilder().setCode(code).build());
  }

  /** Whether the frontend has returned a result or an error. */
  public boolean hasReturned() {
    return returned.isDone();
  }

  /**
   * Ends the wait for a result with a failure even if a result was returned; a failure that was
   * returned stays.
   */
  public void failOver(Throwable failure) {
    if (!returned.completeExceptionally(failure) && !returned.isCompletedExceptionally()) {
      returned.obtrudeException(failure);
    }
  }

  /** Ends the wait for a result with a failure, unless the frontend has returned already. */
  public void fail(Throwable failure) {
    returned.completeExceptionally(failure);
  }

  /**
   * Waits for what the frontend returns.
   *
   * @throws io.grpc.StatusRuntimeException the error that the frontend returned, with its details
   */
  public BuildResult awaitResult() throws InterruptedException {
    try {
      return returned.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("could not get the frontend's result", e.getCause());
    }
  }

  /** Stops the containers. The refs stay with the build, which releases them. */
  @Override
  public void close() {
    containers.close();
  }
}
