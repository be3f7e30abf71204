package dev.kiln.daemon.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.kiln.daemon.gateway.CallRunner;
import dev.kiln.wire.stream.BytesMarshaller;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/**
 * Takes the spans that clients and steps send (control.md, section 1; OTLP/gRPC). Messages are read
 * by hand, so that nothing of the protocol is loaded before the first call and a malformed one gets
 * a status that says so.
 */
public final class TraceService {
  private static final String SERVICE = "opentelemetry.proto.collector.trace.v1.TraceService";
  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;

  private final SpanSink sink;
  private final CallRunner calls;

  public TraceService(SpanSink sink, CallRunner calls) {
    this.sink = sink;
    this.calls = calls;
  }

  /** What to serve. */
  public ServerServiceDefinition definition() {
    MethodDescriptor<byte[], byte[]> export =
        MethodDescriptor.newBuilder(BytesMarshaller.whole(), BytesMarshaller.whole())
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Export"))
            .build();
    return ServerServiceDefinition.builder(SERVICE)
        .addMethod(
            export,
            ServerCalls.asyncUnaryCall(
                (request, out) -> calls.unary(out, () -> export(request).toByteArray())))
        .build();
  }

  private ExportTraceServiceResponse export(byte[] message) {
    int rejected = 0;
    for (ResourceSpans spans : parse(message).getResourceSpansList()) {
      ResourceSpans good = wellFormed(spans);
      int here = count(good);
      rejected += count(spans) - here;
      if (here > 0) {
        sink.accept(good);
      }
    }
    ExportTraceServiceResponse.Builder out = ExportTraceServiceResponse.newBuilder();
    if (rejected > 0) {
      out.getPartialSuccessBuilder()
          .setRejectedSpans(rejected)
          .setErrorMessage(
              "could not take spans without a trace id of 16 bytes and a span id of 8 bytes");
    }
    return out.build();
  }

  private static ExportTraceServiceRequest parse(byte[] message) {
    try {
      return ExportTraceServiceRequest.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "could not read the spans: this is no ExportTraceServiceRequest: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }

  private static ResourceSpans wellFormed(ResourceSpans spans) {
    ResourceSpans.Builder out = spans.toBuilder();
    for (ScopeSpans.Builder scope : out.getScopeSpansBuilderList()) {
      for (int i = scope.getSpansCount() - 1; i >= 0; i--) {
        Span span = scope.getSpans(i);
        if (!isId(span.getTraceId(), TRACE_ID_BYTES) || !isId(span.getSpanId(), SPAN_ID_BYTES)) {
          scope.removeSpans(i);
        }
      }
    }
    return out.build();
  }

  private static boolean isId(ByteString id, int length) {
    if (id.size() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (id.byteAt(i) != 0) {
        return true;
      }
    }
    return false;
  }

  private static int count(ResourceSpans spans) {
    return spans.getScopeSpansList().stream().mapToInt(ScopeSpans::getSpansCount).sum();
  }
}
