package dev.kiln.wire.session;

import com.google.protobuf.ByteString;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.content.ContentGrpc;
import dev.kiln.wire.content.Info;
import dev.kiln.wire.content.InfoRequest;
import dev.kiln.wire.content.ReadContentRequest;
import dev.kiln.wire.content.ReadContentResponse;
import dev.kiln.wire.stream.ClientStream;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A content store on the other side: an OCI layout, a local cache directory or an export target of
 * a client, or the store of a daemon. Thread-safe.
 */
public final class ContentStoreClient {
  private final Channel channel;

  private ContentStoreClient(Channel channel) {
    this.channel = channel;
  }

  /**
   * A store of a client.
   *
   * @param storeId {@code oci:<name>}, {@code local:<directory>} or {@code export}
   */
  public static ContentStoreClient of(Session session, String storeId) {
    Metadata headers = new Metadata();
    SessionHeaders.put(headers, SessionHeaders.STORE_ID, storeId);
    return new ContentStoreClient(
        ClientInterceptors.intercept(
            session.channel(), MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  /** The one store behind a channel. */
  public static ContentStoreClient of(Channel channel) {
    return new ContentStoreClient(channel);
  }

  /** Size and labels of a blob, or empty if it is not there. */
  public Optional<Info> info(Digest digest) throws IOException {
    InfoRequest request = InfoRequest.newBuilder().setDigest(digest.text()).build();
    try {
      return Optional.of(ask(() -> ContentGrpc.newBlockingStub(channel).info(request)).getInfo());
    } catch (IOException e) {
      if (e.getCause() instanceof StatusRuntimeException status
          && status.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Reads a range of a blob.
   *
   * @param offset first byte
   * @param size number of bytes, 0 for all up to the end
   */
  public InputStream read(Digest digest, long offset, long size) {
    ReadContentRequest request =
        ReadContentRequest.newBuilder()
            .setDigest(digest.text())
            .setOffset(offset)
            .setSize(size)
            .build();
    var call = ClientStream.open(channel, ContentGrpc.getReadMethod(), new Metadata());
    call.send(request);
    call.closeSend();
    return new ContentInputStream(call);
  }

  /** Reads a small blob, such as a manifest; fails if it is larger than {@code maxBytes}. */
  public byte[] readAll(Digest digest, int maxBytes) throws IOException {
    try (InputStream in = read(digest, 0, 0)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException(
            "could not read " + digest + ": it is larger than " + maxBytes + " bytes");
      }
      return bytes;
    }
  }

  /**
   * Starts to write a blob, going on where an earlier write with the same {@code ref} stopped.
   *
   * @param ref names the write, unique in the store
   * @param digest of the whole blob
   * @param size of the whole blob in bytes
   */
  public RemoteBlobWriter write(String ref, Digest digest, long size) throws IOException {
    var call = ClientStream.open(channel, ContentGrpc.getWriteMethod(), new Metadata());
    return RemoteBlobWriter.start(call, ref, digest, size);
  }

  private static <T> T ask(Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw failure(e);
    }
  }

  static IOException failure(StatusRuntimeException error) {
    return new IOException(
        "could not use the other side's content store: " + error.getStatus().getDescription(),
        error);
  }

  /** The responses of one Read call as bytes. */
  private static final class ContentInputStream extends InputStream {
    private final MessageStream<ReadContentRequest, ReadContentResponse> call;
    private ByteString chunk = ByteString.EMPTY;
    private int at;
    private boolean ended;

    ContentInputStream(MessageStream<ReadContentRequest, ReadContentResponse> call) {
      this.call = call;
    }

    @Override
    public int read() throws IOException {
      return fill() ? chunk.byteAt(at++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, chunk.size() - at);
      chunk.substring(at, at + count).copyTo(target, offset);
      at += count;
      return count;
    }

    private boolean fill() throws IOException {
      while (at == chunk.size() && !ended) {
        ReadContentResponse next = ask(call::receive);
        ended = next == null;
        if (next != null) {
          chunk = next.getData();
          at = 0;
        }
      }
      return at < chunk.size();
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        at = chunk.size();
        call.close();
      }
    }
  }
}
