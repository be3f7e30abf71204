package dev.kiln.wire.blobs;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kiln.snapshotter.content.BlobNotFoundException;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.content.ContentGrpc;
import dev.kiln.wire.content.Info;
import dev.kiln.wire.content.InfoRequest;
import dev.kiln.wire.content.InfoResponse;
import dev.kiln.wire.content.ListContentRequest;
import dev.kiln.wire.content.ListContentResponse;
import dev.kiln.wire.content.ListStatusesRequest;
import dev.kiln.wire.content.ListStatusesResponse;
import dev.kiln.wire.content.ReadContentRequest;
import dev.kiln.wire.content.ReadContentResponse;
import dev.kiln.wire.error.ErrorStatus;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.stream.ServerStream;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.List;

/**
 * containerd's content service over one or several stores: a request's metadata says which. Labels
 * are not kept, nothing can be deleted, and a write always starts at the first byte.
 */
public final class ContentService {
  private static final int READ_CHUNK_BYTES = 1 << 20;
  private static final int LIST_BATCH = 100;

  private final Stores stores;

  private ContentService(Stores stores) {
    this.stores = stores;
  }

  /** Chooses the store that a call is for. */
  @FunctionalInterface
  public interface Stores {
    /**
     * The store, by the call's metadata.
     *
     * @throws StatusRuntimeException if there is none such
     */
    BlobStore choose(Metadata headers);
  }

  /** The service over several stores. */
  public static ServerServiceDefinition over(Stores stores) {
    ContentService service = new ContentService(stores);
    var unary = new Unary().bindService();
    var definition = ServerServiceDefinition.builder(ContentGrpc.getServiceDescriptor());
    var streaming =
        List.of(
            ContentGrpc.getReadMethod().getFullMethodName(),
            ContentGrpc.getWriteMethod().getFullMethodName(),
            ContentGrpc.getInfoMethod().getFullMethodName(),
            ContentGrpc.getListMethod().getFullMethodName());
    unary.getMethods().stream()
        .filter(method -> !streaming.contains(method.getMethodDescriptor().getFullMethodName()))
        .forEach(definition::addMethod);
    return definition
        .addMethod(ContentGrpc.getInfoMethod(), ServerStream.handler(service::info))
        .addMethod(ContentGrpc.getListMethod(), ServerStream.handler(service::list))
        .addMethod(ContentGrpc.getReadMethod(), ServerStream.handler(service::read))
        .addMethod(
            ContentGrpc.getWriteMethod(),
            ServerStream.handler(
                (headers, stream) -> new BlobUpload(stores.choose(headers), stream).run()))
        .build();
  }

  /** The service over one store. */
  public static ServerServiceDefinition over(BlobStore store) {
    return over(_ -> store);
  }

  private void info(Metadata headers, MessageStream<InfoResponse, InfoRequest> stream)
      throws IOException {
    InfoRequest request = first(stream);
    BlobStore.Blob blob = blob(stores.choose(headers), digest(request.getDigest()));
    stream.send(InfoResponse.newBuilder().setInfo(describe(blob)).build());
  }

  private void list(Metadata headers, MessageStream<ListContentResponse, ListContentRequest> stream)
      throws IOException {
    var _ = first(stream);
    List<BlobStore.Blob> blobs = stores.choose(headers).list();
    for (int at = 0; at < blobs.size(); at += LIST_BATCH) {
      var batch = blobs.subList(at, Math.min(blobs.size(), at + LIST_BATCH));
      var response = ListContentResponse.newBuilder();
      batch.forEach(blob -> response.addInfo(describe(blob)));
      stream.send(response.build());
    }
  }

  private void read(Metadata headers, MessageStream<ReadContentResponse, ReadContentRequest> stream)
      throws IOException {
    ReadContentRequest request = first(stream);
    BlobStore store = stores.choose(headers);
    BlobStore.Blob blob = blob(store, digest(request.getDigest()));
    long start = request.getOffset();
    if (start < 0 || start > blob.size()) {
      throw Status.OUT_OF_RANGE
          .withDescription("read past object length " + blob.size() + " bytes")
          .asRuntimeException();
    }
    long size = request.getSize() == 0 ? blob.size() - start : request.getSize();
    long end = Math.min(blob.size(), start + size);
    try (FileChannel file = store.open(blob.digest())) {
      for (long at = start; at < end; ) {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(READ_CHUNK_BYTES, end - at));
        while (chunk.hasRemaining() && file.read(chunk, at + chunk.position()) >= 0) {}
        chunk.flip();
        if (!chunk.hasRemaining()) {
          throw new IOException("could not read " + blob.digest() + ": it became shorter");
        }
        int count = chunk.remaining();
        stream.send(
            ReadContentResponse.newBuilder()
                .setOffset(at)
                .setData(ByteString.copyFrom(chunk))
                .build());
        at += count;
      }
    }
  }

  private static <Q> Q first(MessageStream<?, Q> stream) {
    Q request = stream.receive();
    if (request == null) {
      throw Status.INVALID_ARGUMENT.withDescription("no request").asRuntimeException();
    }
    return request;
  }

  static Digest digest(String text) {
    try {
      return new Digest(text);
    } catch (IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription(e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static BlobStore.Blob blob(BlobStore store, Digest digest) throws IOException {
    try {
      return store.find(digest).orElseThrow(() -> new BlobNotFoundException(digest));
    } catch (BlobNotFoundException e) {
      throw Status.NOT_FOUND
          .withDescription("content " + digest + ": not found")
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static Info describe(BlobStore.Blob blob) {
    return Info.newBuilder()
        .setDigest(blob.digest().text())
        .setSize(blob.size())
        .setCreatedAt(timestamp(blob.modified()))
        .setUpdatedAt(timestamp(blob.modified()))
        .build();
  }

  static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }

  /** What needs no store: no write outlives its call, so there are none to list or to end. */
  private static final class Unary extends ContentGrpc.ContentImplBase {
    @Override
    public void listStatuses(
        ListStatusesRequest request, StreamObserver<ListStatusesResponse> response) {
      response.onNext(ListStatusesResponse.getDefaultInstance());
      response.onCompleted();
    }

    @Override
    public void delete(
        dev.kiln.wire.content.DeleteContentRequest request,
        StreamObserver<com.google.protobuf.Empty> response) {
      response.onError(
          ErrorStatus.of(
              Status.Code.FAILED_PRECONDITION,
              "could not delete " + request.getDigest() + ": read-only content store",
              List.of()));
    }

    @Override
    public void abort(
        dev.kiln.wire.content.AbortRequest request,
        StreamObserver<com.google.protobuf.Empty> response) {
      response.onNext(com.google.protobuf.Empty.getDefaultInstance());
      response.onCompleted();
    }

    @Override
    public void status(
        dev.kiln.wire.content.StatusRequest request,
        StreamObserver<dev.kiln.wire.content.StatusResponse> response) {
      response.onError(
          ErrorStatus.of(
              Status.Code.NOT_FOUND,
              "status for ref " + request.getRef() + ": not found",
              List.of()));
    }
  }
}
