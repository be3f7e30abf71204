package dev.kiln.wire.session;

import com.google.protobuf.ByteString;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.Limits;
import dev.kiln.wire.content.WriteAction;
import dev.kiln.wire.content.WriteContentRequest;
import dev.kiln.wire.content.WriteContentResponse;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way into a store on the other side. Several writes may be under way at a time, so
 * that the round trip does not bound the speed. Not thread-safe.
 */
public final class RemoteBlobWriter implements AutoCloseable {
  /** Writes that may be unanswered; with chunks of 1 MiB that is 8 MiB. */
  private static final int MAX_UNANSWERED = 8;

  private static final int CHUNK_BYTES = Math.min(1 << 20, Limits.SESSION_CHUNK_BYTES);

  private final MessageStream<WriteContentRequest, WriteContentResponse> call;
  private final Digest digest;
  private final long size;
  private long offset;
  private int unanswered;
  private boolean present;

  private RemoteBlobWriter(
      MessageStream<WriteContentRequest, WriteContentResponse> call, Digest digest, long size) {
    this.call = call;
    this.digest = digest;
    this.size = size;
  }

  static RemoteBlobWriter start(
      MessageStream<WriteContentRequest, WriteContentResponse> call,
      String ref,
      Digest digest,
      long size)
      throws IOException {
    RemoteBlobWriter writer = new RemoteBlobWriter(call, digest, size);
    writer.send(
        WriteContentRequest.newBuilder()
            .setAction(WriteAction.STAT)
            .setRef(ref)
            .setTotal(size)
            .setExpected(digest.text()));
    WriteContentResponse state = writer.answer();
    writer.offset = state == null ? 0 : state.getOffset();
    return writer;
  }

  /** Whether the store has the blob already; nothing needs to be written or committed then. */
  public boolean isPresent() {
    return present;
  }

  /** How many bytes the store has, where writing goes on. */
  public long offset() {
    return offset;
  }

  /** Appends bytes at {@link #offset}. */
  public void write(byte[] source, int start, int length) throws IOException {
    for (int at = start, end = start + length; at < end && !present; at += CHUNK_BYTES) {
      int count = Math.min(CHUNK_BYTES, end - at);
      send(
          WriteContentRequest.newBuilder()
              .setAction(WriteAction.WRITE)
              .setOffset(offset)
              .setData(ByteString.copyFrom(source, at, count)));
      offset += count;
      unanswered++;
      while (unanswered > MAX_UNANSWERED) {
        unanswered--;
        var _ = answer();
      }
    }
  }

  /** Ends the blob: the store checks size and digest and publishes it with these labels. */
  public void commit(Map<String, String> labels) throws IOException {
    if (present) {
      return;
    }
    send(
        WriteContentRequest.newBuilder()
            .setAction(WriteAction.COMMIT)
            .setOffset(offset)
            .setTotal(size)
            .setExpected(digest.text())
            .putAllLabels(labels));
    call.closeSend();
    for (; unanswered >= 0 && !present; unanswered--) {
      var _ = answer();
    }
  }

  private void send(WriteContentRequest.Builder request) throws IOException {
    try {
      call.send(request.build());
    } catch (StatusRuntimeException e) {
      noteEnd(e);
    }
  }

  private @Nullable WriteContentResponse answer() throws IOException {
    try {
      WriteContentResponse response = call.receive();
      if (response == null && !present) {
        throw new IOException(
            "could not write " + digest + ": the other side ended the transfer early");
      }
      return response;
    } catch (StatusRuntimeException e) {
      noteEnd(e);
      return null;
    }
  }

  private void noteEnd(StatusRuntimeException error) throws IOException {
    if (error.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
      throw ContentStoreClient.failure(error);
    }
    present = true;
  }

  /** Gives an unfinished write up; a later one with the same ref may go on. */
  @Override
  public void close() {
    call.close();
  }
}
