package dev.kiln.wire.session;

import dev.kiln.wire.secrets.GetSecretRequest;
import dev.kiln.wire.secrets.SecretsGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/** A client's secrets. Thread-safe. */
public final class RemoteSecrets {
  private final Session session;

  /** Asks this session. */
  public RemoteSecrets(Session session) {
    this.session = session;
  }

  /** The bytes of a secret, or empty if the client does not have it. */
  public Optional<byte[]> get(String id) {
    try {
      var request = GetSecretRequest.newBuilder().setID(id).build();
      var response = SecretsGrpc.newBlockingStub(session.channel()).getSecret(request);
      return Optional.of(response.getData().toByteArray());
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code == Status.Code.NOT_FOUND || code == Status.Code.UNIMPLEMENTED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
