package dev.kiln.daemon.gateway;

import dev.kiln.wire.gateway.ExecMessage;
import dev.kiln.wire.gateway.NewContainerRequest;
import dev.kiln.wire.gateway.NewContainerResponse;
import dev.kiln.wire.gateway.ReadDirRequest;
import dev.kiln.wire.gateway.ReadDirResponse;
import dev.kiln.wire.gateway.ReadFileRequest;
import dev.kiln.wire.gateway.ReadFileResponse;
import dev.kiln.wire.gateway.ReleaseContainerRequest;
import dev.kiln.wire.gateway.ReleaseContainerResponse;
import dev.kiln.wire.gateway.StatFileRequest;
import dev.kiln.wire.gateway.StatFileResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;

/** A daemon without containers for frontends: every request is refused. */
public final class NoContainers implements ContainerTable {

  private static StatusRuntimeException refused() {
    return Status.UNIMPLEMENTED
        .withDescription("this daemon runs no containers for frontends")
        .asRuntimeException();
  }

  @Override
  public NewContainerResponse create(NewContainerRequest request) {
    throw refused();
  }

  @Override
  public ReleaseContainerResponse release(ReleaseContainerRequest request) {
    throw refused();
  }

  @Override
  public StreamObserver<ExecMessage> exec(StreamObserver<ExecMessage> out) {
    throw refused();
  }

  @Override
  public ReadFileResponse readFile(ReadFileRequest request) {
    throw refused();
  }

  @Override
  public ReadDirResponse readDir(ReadDirRequest request) {
    throw refused();
  }

  @Override
  public StatFileResponse statFile(StatFileRequest request) {
    throw refused();
  }

  @Override
  public RuntimeException explain(RuntimeException failure) {
    return failure;
  }

  @Override
  public void close() {}
}
