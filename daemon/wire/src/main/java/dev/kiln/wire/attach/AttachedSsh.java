package dev.kiln.wire.attach;

import dev.kiln.wire.error.ErrorStatus;
import dev.kiln.wire.session.RemoteSsh;
import dev.kiln.wire.session.SessionHeaders;
import dev.kiln.wire.sshforward.CheckAgentRequest;
import dev.kiln.wire.sshforward.CheckAgentResponse;
import dev.kiln.wire.sshforward.SSHGrpc;
import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.stream.ServerStream;
import dev.kiln.wire.stream.SocketBridge;
import io.grpc.Metadata;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Offers SSH agents, or any Unix sockets, by id. Immutable. */
public final class AttachedSsh {
  private final Map<String, Agent> agents;

  private AttachedSsh(Map<String, Agent> agents) {
    this.agents = Map.copyOf(agents);
  }

  /**
   * A socket on this machine.
   *
   * @param raw whether bytes are passed on as they are; otherwise the socket is an SSH agent's, and
   *     the daemon may only list its keys and have data signed
   */
  public record Agent(Path socket, boolean raw) {}

  /** The service that offers these sockets. */
  public static ServerServiceDefinition service(Map<String, Agent> agents) {
    AttachedSsh ssh = new AttachedSsh(agents);
    var forward = BytesMarshaller.raw(SSHGrpc.getForwardAgentMethod());
    ServerMethodDefinition<?, ?> check =
        ssh.new Check().bindService().getMethod(SSHGrpc.getCheckAgentMethod().getFullMethodName());
    var descriptor =
        ServiceDescriptor.newBuilder(SSHGrpc.SERVICE_NAME)
            .setSchemaDescriptor(SSHGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(check.getMethodDescriptor())
            .addMethod(forward)
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(check)
        .addMethod(forward, ServerStream.handler(ssh::forward))
        .build();
  }

  private Agent agent(String id) {
    String key = id.isEmpty() ? RemoteSsh.DEFAULT_ID : id;
    Agent agent = agents.get(key);
    if (agent == null) {
      throw ErrorStatus.of(Status.Code.UNKNOWN, "unset ssh forward key " + key, List.of());
    }
    return agent;
  }

  private void forward(Metadata headers, MessageStream<byte[], byte[]> stream) throws IOException {
    String id = SessionHeaders.get(headers, SessionHeaders.SSH_ID);
    Agent agent = agent(id == null ? "" : id);
    SocketChannel socket;
    try {
      socket = SocketChannel.open(UnixDomainSocketAddress.of(agent.socket()));
    } catch (IOException e) {
      throw new IOException(
          "could not connect to " + agent.socket() + ": " + e.getMessage() + "; start the agent",
          e);
    }
    if (agent.raw()) {
      SocketBridge.join(socket, stream);
    } else {
      new AgentFilter(socket, stream).run();
    }
  }

  private final class Check extends SSHGrpc.SSHImplBase {
    @Override
    public void checkAgent(CheckAgentRequest request, StreamObserver<CheckAgentResponse> response) {
      try {
        var _ = agent(request.getID());
        response.onNext(CheckAgentResponse.getDefaultInstance());
        response.onCompleted();
      } catch (RuntimeException e) {
        response.onError(e);
      }
    }
  }
}
