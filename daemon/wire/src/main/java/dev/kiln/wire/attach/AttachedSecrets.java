package dev.kiln.wire.attach;

import com.google.protobuf.ByteString;
import dev.kiln.wire.error.ErrorStatus;
import dev.kiln.wire.secrets.GetSecretRequest;
import dev.kiln.wire.secrets.GetSecretResponse;
import dev.kiln.wire.secrets.SecretsGrpc;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Offers secrets by id, read when they are asked for. Immutable. */
public final class AttachedSecrets {
  /** The largest secret, as stock clients have it. */
  public static final int MAX_BYTES = 500 << 10;

  private AttachedSecrets() {}

  /** Where a secret comes from. */
  public sealed interface Source {
    /** A file. */
    record File(Path path) implements Source {}

    /** The text of an environment variable, which counts as empty when it is not set. */
    record Environment(String name) implements Source {}

    /** Bytes at hand. */
    record Bytes(ByteString value) implements Source {}
  }

  /** The service that offers these secrets. */
  public static ServerServiceDefinition service(Map<String, Source> secrets) {
    return new Service(Map.copyOf(secrets)).bindService();
  }

  private static final class Service extends SecretsGrpc.SecretsImplBase {
    private final Map<String, Source> secrets;

    Service(Map<String, Source> secrets) {
      this.secrets = secrets;
    }

    @Override
    public void getSecret(GetSecretRequest request, StreamObserver<GetSecretResponse> response) {
      try {
        ByteString value = read(request.getID());
        response.onNext(GetSecretResponse.newBuilder().setData(value).build());
        response.onCompleted();
      } catch (IOException | RuntimeException e) {
        response.onError(ErrorStatus.of(e));
      }
    }

    private ByteString read(String id) throws IOException {
      Source source = secrets.get(id);
      if (source == null) {
        throw ErrorStatus.of(Status.Code.NOT_FOUND, "not found", List.of());
      }
      ByteString value =
          switch (source) {
            case Source.File(var path) -> ByteString.copyFrom(Files.readAllBytes(path));
            case Source.Environment(var name) ->
                ByteString.copyFrom(
                    System.getenv().getOrDefault(name, "").getBytes(StandardCharsets.UTF_8));
            case Source.Bytes(var bytes) -> bytes;
          };
      if (value.size() > MAX_BYTES) {
        throw new IOException("invalid secret size " + value.size());
      }
      return value;
    }
  }
}
