package dev.kiln.wire.attach;

import dev.kiln.wire.filesync.FileSendGrpc;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.session.SessionHeaders;
import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.ChunkInputStream;
import dev.kiln.wire.stream.MappedStream;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.stream.ServerStream;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes what exporters write: one file or one directory for each exporter's index. Immutable. */
public final class AttachedOutputs {
  private final Map<Integer, Target> targets;

  private AttachedOutputs(Map<Integer, Target> targets) {
    this.targets = Map.copyOf(targets);
  }

  /** Where the output of one exporter goes. */
  public sealed interface Target {}

  /** An output that is one stream of bytes. */
  public non-sealed interface FileTarget extends Target {
    /**
     * Opens what is written to.
     *
     * @param response exporter response entries, such as {@code image.name}
     * @return null if the target exists already and shall stay
     */
    @Nullable OutputStream open(Map<String, String> response) throws IOException;
  }

  /** An output that is a tree of files. */
  public non-sealed interface DirectoryTarget extends Target {
    /**
     * Receives the tree.
     *
     * @param multiPlatform whether this one transfer carries all platforms, so that a mirror may
     *     remove what it does not bring
     */
    void receive(boolean multiPlatform, MessageStream<Packet, Packet> stream) throws IOException;
  }

  /** The service that takes these outputs, by exporter index. */
  public static ServerServiceDefinition service(Map<Integer, Target> targets) {
    AttachedOutputs outputs = new AttachedOutputs(targets);
    // Only the target says whether a call carries bytes or packets, so messages come undecoded.
    var method = BytesMarshaller.undecoded(FileSendGrpc.getDiffCopyMethod());
    var descriptor =
        ServiceDescriptor.newBuilder(FileSendGrpc.SERVICE_NAME)
            .setSchemaDescriptor(FileSendGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(method)
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(method, ServerStream.handler(outputs::diffCopy))
        .build();
  }

  private void diffCopy(Metadata headers, MessageStream<byte[], byte[]> stream) throws IOException {
    int exporter = exporter(headers);
    switch (targets.get(exporter)) {
      case FileTarget file -> receiveFile(file, headers, BytesMarshaller.decoded(stream));
      case DirectoryTarget directory -> {
        boolean multiPlatform =
            SessionHeaders.all(headers, SessionHeaders.EXPORTER_MULTI_PLATFORM).contains("1");
        directory.receive(
            multiPlatform, MappedStream.of(stream, Packet::toByteArray, Packet::parseFrom));
      }
      case null ->
          throw Status.UNKNOWN
              .withDescription("exporter " + exporter + " not found")
              .asRuntimeException();
    }
  }

  private static void receiveFile(
      FileTarget target, Metadata headers, MessageStream<byte[], byte[]> stream)
      throws IOException {
    try (OutputStream out = target.open(response(headers));
        InputStream in = new ChunkInputStream(stream)) {
      if (out == null) {
        throw Status.ALREADY_EXISTS.withDescription("target already exists").asRuntimeException();
      }
      in.transferTo(out);
    }
  }

  private static int exporter(Metadata headers) {
    String id = SessionHeaders.get(headers, SessionHeaders.EXPORTER_ID);
    return id != null && id.matches("[0-9]{1,6}") ? Integer.parseInt(id) : 0;
  }

  private static Map<String, String> response(Metadata headers) {
    Map<String, String> response = new HashMap<>();
    for (String key : headers.keys()) {
      String name = key.toLowerCase(Locale.ROOT);
      if (name.startsWith(SessionHeaders.EXPORTER_METADATA_PREFIX) && !name.endsWith("-encoded")) {
        response.put(
            name.substring(SessionHeaders.EXPORTER_METADATA_PREFIX.length()),
            String.join(",", SessionHeaders.getText(headers, name)));
      }
    }
    return response;
  }
}
