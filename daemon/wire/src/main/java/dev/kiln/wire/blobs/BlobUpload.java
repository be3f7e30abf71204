package dev.kiln.wire.blobs;

import dev.kiln.snapshotter.content.BlobMismatchException;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.content.WriteAction;
import dev.kiln.wire.content.WriteContentRequest;
import dev.kiln.wire.content.WriteContentResponse;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One Write call of the content service, from its first request to its commit. */
final class BlobUpload {
  private final BlobStore store;
  private final MessageStream<WriteContentResponse, WriteContentRequest> stream;
  private final Instant started = Instant.now();
  private ContentStore.@Nullable Writer writer;
  private @Nullable Digest expected;
  private long total;

  BlobUpload(BlobStore store, MessageStream<WriteContentResponse, WriteContentRequest> stream) {
    this.store = store;
    this.stream = stream;
  }

  void run() throws IOException {
    try {
      for (var request = stream.receive(); request != null; request = stream.receive()) {
        note(request);
        ContentStore.Writer open = writer();
        if (request.getAction() != WriteAction.STAT && !request.getData().isEmpty()) {
          append(open, request);
        }
        if (request.getAction() == WriteAction.COMMIT) {
          commit(open);
          return;
        }
        stream.send(response(request.getAction()).setOffset(open.size()).build());
      }
    } finally {
      if (writer != null) {
        writer.close();
      }
    }
  }

  private void note(WriteContentRequest request) throws IOException {
    if (request.getTotal() > 0) {
      total = request.getTotal();
    }
    if (!request.getExpected().isEmpty()) {
      Digest digest = ContentService.digest(request.getExpected());
      if (writer == null && store.find(digest).isPresent()) {
        throw Status.ALREADY_EXISTS
            .withDescription("content " + digest + ": already exists")
            .asRuntimeException();
      }
      expected = digest;
    }
    if (writer == null && request.getRef().isEmpty()) {
      throw invalid("first message must have a reference");
    }
  }

  private ContentStore.Writer writer() throws IOException {
    if (writer == null) {
      // Without an expected digest the blob is named by sha256, as every writer does.
      Digest digest = expected == null ? Digest.of(new byte[0]) : expected;
      writer = store.write(digest);
    }
    return writer;
  }

  private void append(ContentStore.Writer open, WriteContentRequest request) throws IOException {
    if (request.getOffset() == 0 && open.size() > 0) {
      open.restart();
    }
    if (request.getOffset() != open.size()) {
      throw Status.OUT_OF_RANGE
          .withDescription("write at " + request.getOffset() + ", expected " + open.size())
          .asRuntimeException();
    }
    byte[] data = request.getData().toByteArray();
    open.write(data, 0, data.length);
  }

  private void commit(ContentStore.Writer open) throws IOException {
    long size = open.size();
    try {
      Digest digest = open.commit(expected, total > 0 ? total : -1);
      stream.send(response(WriteAction.COMMIT).setOffset(size).setDigest(digest.text()).build());
    } catch (BlobMismatchException e) {
      throw Status.FAILED_PRECONDITION
          .withDescription(e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  private WriteContentResponse.Builder response(WriteAction action) {
    return WriteContentResponse.newBuilder()
        .setAction(action)
        .setTotal(total)
        .setStartedAt(ContentService.timestamp(started))
        .setUpdatedAt(ContentService.timestamp(Instant.now()));
  }

  private static StatusRuntimeException invalid(String text) {
    return Status.INVALID_ARGUMENT.withDescription(text).asRuntimeException();
  }
}
