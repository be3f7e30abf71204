package dev.kiln.wire.session;

import dev.kiln.wire.Limits;
import dev.kiln.wire.filesync.FileSendGrpc;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.ChunkOutputStream;
import dev.kiln.wire.stream.ClientStream;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where a client wants its exports written: one file or one directory an exporter. Thread-safe. */
public final class RemoteOutputs {
  private static final MethodDescriptor<byte[], byte[]> BYTES =
      BytesMarshaller.raw(FileSendGrpc.getDiffCopyMethod());

  /** The same method carries packets when the client's target is a directory. */
  private static final MethodDescriptor<Packet, Packet> PACKETS =
      FileSendGrpc.getDiffCopyMethod().toBuilder(
              ProtoUtils.marshaller(Packet.getDefaultInstance()),
              ProtoUtils.marshaller(Packet.getDefaultInstance()))
          .build();

  /** Well below {@link Limits#SESSION_CHUNK_BYTES}: larger ones gain nothing and wait in memory. */
  private static final int FILE_CHUNK_BYTES = 256 << 10;

  private static final Pattern HEADER_NAME = Pattern.compile("[0-9A-Za-z_.-]+");

  private final Session session;

  /** Asks this session. */
  public RemoteOutputs(Session session) {
    this.session = session;
  }

  /**
   * Opens the file output of an exporter. Closing the stream waits until the client has the file;
   * it fails with ALREADY_EXISTS, wrapped in an IOException, if the client has that target.
   *
   * @param exporter index of the exporter in the request
   * @param response exporter response entries that the client's writer is told; one whose key
   *     cannot be a header's name is left out
   */
  public OutputStream file(int exporter, Map<String, String> response) {
    Metadata headers = headers(exporter);
    response.forEach(
        (key, value) -> {
          if (HEADER_NAME.matcher(key).matches()) {
            SessionHeaders.putText(
                headers, SessionHeaders.EXPORTER_METADATA_PREFIX + key, List.of(value));
          }
        });
    return new ChunkOutputStream(
        ClientStream.open(session.channel(), BYTES, headers), FILE_CHUNK_BYTES);
  }

  /**
   * Opens the directory output of an exporter, a transfer in which this side sends.
   *
   * @param multiPlatform whether this one transfer carries all platforms
   */
  public MessageStream<Packet, Packet> directory(int exporter, boolean multiPlatform) {
    Metadata headers = headers(exporter);
    if (multiPlatform) {
      SessionHeaders.put(headers, SessionHeaders.EXPORTER_MULTI_PLATFORM, "1");
    }
    return ClientStream.open(session.channel(), PACKETS, headers);
  }

  private Metadata headers(int exporter) {
    if (!session.supports(FileSendGrpc.getDiffCopyMethod())) {
      throw NoSessionException.notOffered(
          "method /moby.filesync.v1.FileSend/diffcopy not supported by the client");
    }
    Metadata headers = new Metadata();
    SessionHeaders.put(headers, SessionHeaders.EXPORTER_ID, Integer.toString(exporter));
    return headers;
  }
}
