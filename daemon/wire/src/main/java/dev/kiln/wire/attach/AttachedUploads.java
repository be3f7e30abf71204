package dev.kiln.wire.attach;

import dev.kiln.wire.Limits;
import dev.kiln.wire.session.SessionHeaders;
import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.stream.ServerStream;
import dev.kiln.wire.upload.UploadGrpc;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Offers bodies that the daemon can fetch by URL, each once. Thread-safe. */
public final class AttachedUploads {
  /** The host of every such URL. */
  public static final String HOST = "buildkit-session";

  private static final int CHUNK_BYTES = 256 << 10;

  private final Map<String, InputStream> bodies = new ConcurrentHashMap<>();

  /** Offers a body, which is closed once read; returns its URL. */
  public String add(InputStream body) {
    String id = ClientSession.newId();
    bodies.put(id, body);
    return "http://" + HOST + "/" + id;
  }

  /** The service that offers them. */
  public ServerServiceDefinition service() {
    var method = BytesMarshaller.raw(UploadGrpc.getPullMethod());
    var descriptor =
        ServiceDescriptor.newBuilder(UploadGrpc.SERVICE_NAME)
            .setSchemaDescriptor(UploadGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(method)
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(method, ServerStream.handler(this::pull))
        .build();
  }

  private void pull(Metadata headers, MessageStream<byte[], byte[]> stream) throws IOException {
    String path = String.valueOf(SessionHeaders.get(headers, SessionHeaders.URL_PATH));
    String id = path.substring(path.lastIndexOf('/') + 1);
    InputStream body = bodies.remove(id);
    if (body == null) {
      throw Status.NOT_FOUND
          .withDescription("no http response from session for " + id)
          .asRuntimeException();
    }
    try (body) {
      byte[] buffer = new byte[Math.min(CHUNK_BYTES, Limits.SESSION_CHUNK_BYTES)];
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        stream.send(Arrays.copyOf(buffer, count));
      }
    }
  }
}
