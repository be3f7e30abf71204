package dev.kiln.daemon.gateway;

import dev.kiln.wire.gateway.EvaluateRequest;
import dev.kiln.wire.gateway.EvaluateResponse;
import dev.kiln.wire.gateway.InputsRequest;
import dev.kiln.wire.gateway.InputsResponse;
import dev.kiln.wire.gateway.LLBBridgeGrpc;
import dev.kiln.wire.gateway.NewContainerRequest;
import dev.kiln.wire.gateway.NewContainerResponse;
import dev.kiln.wire.gateway.PingRequest;
import dev.kiln.wire.gateway.PongResponse;
import dev.kiln.wire.gateway.ReadDirRequest;
import dev.kiln.wire.gateway.ReadDirResponse;
import dev.kiln.wire.gateway.ReadFileRequest;
import dev.kiln.wire.gateway.ReadFileResponse;
import dev.kiln.wire.gateway.ReleaseContainerRequest;
import dev.kiln.wire.gateway.ReleaseContainerResponse;
import dev.kiln.wire.gateway.ResolveImageConfigRequest;
import dev.kiln.wire.gateway.ResolveImageConfigResponse;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.gateway.ReturnRequest;
import dev.kiln.wire.gateway.ReturnResponse;
import dev.kiln.wire.gateway.SolveRequest;
import dev.kiln.wire.gateway.SolveResponse;
import dev.kiln.wire.gateway.StatFileRequest;
import dev.kiln.wire.gateway.StatFileResponse;
import dev.kiln.wire.gateway.WarnRequest;
import dev.kiln.wire.gateway.WarnResponse;
import dev.kiln.wire.stream.ServerStream;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;

/**
 * The LLBBridge service. Each call is handed to the {@link FrontendSession} that it belongs to: by
 * the build id in the request's metadata on the daemon's own socket, always the same one on a
 * frontend container's standard input and output. Stateless apart from that; calls run on their own
 * virtual threads.
 */
public final class BridgeService extends LLBBridgeGrpc.LLBBridgeImplBase {
  private final SessionLookup sessions;
  private final CallRunner calls;

  /** Finds the frontend session that the current call belongs to. */
  public interface SessionLookup {
    /**
     * The session of the call that runs on this thread.
     *
     * @param method name of the call, for the error text
     * @throws io.grpc.StatusRuntimeException when there is none
     */
    FrontendSession current(String method);
  }

  public BridgeService(SessionLookup sessions, CallRunner calls) {
    this.sessions = sessions;
    this.calls = calls;
  }

  /** The service with its one call of streams in both directions, which is served blockingly. */
  public ServerServiceDefinition definition() {
    ServerServiceDefinition.Builder all =
        ServerServiceDefinition.builder(LLBBridgeGrpc.getServiceDescriptor());
    String streaming = LLBBridgeGrpc.getExecProcessMethod().getFullMethodName();
    bindService().getMethods().stream()
        .filter(method -> !method.getMethodDescriptor().getFullMethodName().equals(streaming))
        .forEach(all::addMethod);
    return all.addMethod(
            LLBBridgeGrpc.getExecProcessMethod(),
            ServerStream.handler(
                (headers, stream) -> sessions.current("ExecProcess").containers().exec(stream)))
        .build();
  }

  @Override
  public void ping(PingRequest request, StreamObserver<PongResponse> out) {
    calls.unary(out, () -> sessions.current("Ping").ping());
  }

  @Override
  public void solve(SolveRequest request, StreamObserver<SolveResponse> out) {
    calls.unary(out, () -> sessions.current("Solve").solve(request));
  }

  @Override
  public void resolveImageConfig(
      ResolveImageConfigRequest request, StreamObserver<ResolveImageConfigResponse> out) {
    calls.unary(out, () -> sessions.current("ResolveImageConfig").resolveImageConfig(request));
  }

  @Override
  public void resolveSourceMeta(
      ResolveSourceMetaRequest request, StreamObserver<ResolveSourceMetaResponse> out) {
    calls.unary(out, () -> sessions.current("ResolveSourceMeta").resolveSourceMeta(request));
  }

  @Override
  public void readFile(ReadFileRequest request, StreamObserver<ReadFileResponse> out) {
    calls.unary(out, () -> sessions.current("ReadFile").files().readFile(request));
  }

  @Override
  public void readDir(ReadDirRequest request, StreamObserver<ReadDirResponse> out) {
    calls.unary(out, () -> sessions.current("ReadDir").files().readDir(request));
  }

  @Override
  public void statFile(StatFileRequest request, StreamObserver<StatFileResponse> out) {
    calls.unary(out, () -> sessions.current("StatFile").files().statFile(request));
  }

  @Override
  public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> out) {
    calls.unary(out, () -> sessions.current("Evaluate").evaluate(request));
  }

  @Override
  public void return_(ReturnRequest request, StreamObserver<ReturnResponse> out) {
    calls.unary(out, () -> sessions.current("Return").finish(request));
  }

  @Override
  public void inputs(InputsRequest request, StreamObserver<InputsResponse> out) {
    calls.unary(out, () -> sessions.current("Inputs").inputs());
  }

  @Override
  public void warn(WarnRequest request, StreamObserver<WarnResponse> out) {
    calls.unary(out, () -> sessions.current("Warn").warn(request));
  }

  @Override
  public void newContainer(NewContainerRequest request, StreamObserver<NewContainerResponse> out) {
    calls.unary(out, () -> sessions.current("NewContainer").containers().create(request));
  }

  @Override
  public void releaseContainer(
      ReleaseContainerRequest request, StreamObserver<ReleaseContainerResponse> out) {
    calls.unary(out, () -> sessions.current("ReleaseContainer").containers().release(request));
  }

  @Override
  public void readFileContainer(ReadFileRequest request, StreamObserver<ReadFileResponse> out) {
    calls.unary(out, () -> sessions.current("ReadFileContainer").containers().readFile(request));
  }

  @Override
  public void readDirContainer(ReadDirRequest request, StreamObserver<ReadDirResponse> out) {
    calls.unary(out, () -> sessions.current("ReadDirContainer").containers().readDir(request));
  }

  @Override
  public void statFileContainer(StatFileRequest request, StreamObserver<StatFileResponse> out) {
    calls.unary(out, () -> sessions.current("StatFileContainer").containers().statFile(request));
  }
}
