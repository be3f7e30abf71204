package dev.kiln.wire.session;

import dev.kiln.wire.sshforward.CheckAgentRequest;
import dev.kiln.wire.sshforward.SSHGrpc;
import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.ClientStream;
import dev.kiln.wire.stream.SocketBridge;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** SSH agents and sockets that a client forwards. Thread-safe. */
public final class RemoteSsh {
  /** The id of mounts that name none. */
  public static final String DEFAULT_ID = "default";

  private final Session session;

  /** Asks this session. */
  public RemoteSsh(Session session) {
    this.session = session;
  }

  /**
   * Makes sure that the client forwards that id.
   *
   * @throws NoSessionException if it forwards nothing at all
   * @throws StatusRuntimeException with the client's error if it does not know the id
   */
  public void check(String id) {
    try {
      var _ =
          SSHGrpc.newBlockingStub(session.channel())
              .checkAgent(CheckAgentRequest.newBuilder().setID(id).build());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        throw NoSessionException.notOffered("no SSH key \"" + id + "\" forwarded from the client");
      }
      throw e;
    }
  }

  /**
   * Joins a connection to the client's agent until both directions have ended; closes it.
   *
   * @throws IOException if either side fails
   */
  public void forward(String id, SocketChannel connection) throws IOException {
    Metadata headers = new Metadata();
    SessionHeaders.put(headers, SessionHeaders.SSH_ID, id);
    var method = BytesMarshaller.raw(SSHGrpc.getForwardAgentMethod());
    SocketBridge.join(connection, ClientStream.open(session.channel(), method, headers));
  }
}
