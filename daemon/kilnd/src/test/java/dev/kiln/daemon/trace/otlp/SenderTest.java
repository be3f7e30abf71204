package dev.kiln.daemon.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.kiln.daemon.trace.Spans;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnServer;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SenderTest {
  private static final ExportTraceServiceRequest REQUEST =
      ExportTraceServiceRequest.newBuilder()
          .addResourceSpans(
              Spans.resource(List.of(Spans.span("1".repeat(32), "2".repeat(16), "a"))))
          .build();

  private static OtlpSettings settings(
      OtlpSettings.Protocol protocol, String endpoint, boolean gzip) {
    return new OtlpSettings(
        protocol,
        URI.create(endpoint),
        Map.of("X-Key", "secret"),
        Duration.ofSeconds(10),
        gzip,
        Optional.empty(),
        Optional.empty());
  }

  /** A collector whose answer can be set. */
  private static final class GrpcCollector extends TraceServiceGrpc.TraceServiceImplBase
      implements ServerInterceptor {
    final List<ExportTraceServiceRequest> taken = new CopyOnWriteArrayList<>();
    final AtomicReference<String> key = new AtomicReference<>();
    Status answer = Status.OK;

    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> out) {
      if (!answer.isOk()) {
        out.onError(answer.asRuntimeException());
        return;
      }
      taken.add(request);
      out.onNext(ExportTraceServiceResponse.getDefaultInstance());
      out.onCompleted();
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      key.set(headers.get(Metadata.Key.of("x-key", Metadata.ASCII_STRING_MARSHALLER)));
      return next.startCall(call, headers);
    }
  }

  @Test
  void spansGoByGrpc() throws Exception {
    GrpcCollector collector = new GrpcCollector();
    try (KilnServer server =
            KilnServer.builder()
                .service(collector)
                .intercept(collector)
                .listen(new Address.Tcp("127.0.0.1", 0))
                .start();
        Sender sender =
            Sender.of(
                settings(
                    OtlpSettings.Protocol.GRPC,
                    server.addresses().getFirst().toString().replace("tcp:", "http:"),
                    true))) {
      sender.send(REQUEST);
      assertThat(collector.taken).containsExactly(REQUEST);
      assertThat(collector.key).hasValue("secret");
      collector.answer = Status.UNAVAILABLE;
      assertThat(failure(sender).isPassing()).isTrue();
      collector.answer = Status.PERMISSION_DENIED;
      assertThat(failure(sender).isPassing()).isFalse();
    }
  }

  @Test
  void spansGoByHttp() throws Exception {
    Map<String, String> headers = new HashMap<>();
    AtomicReference<byte[]> body = new AtomicReference<>();
    AtomicReference<Integer> answer = new AtomicReference<>(200);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
          body.set(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(answer.get(), -1);
          exchange.close();
        });
    server.start();
    String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    try (Sender sender = Sender.of(settings(OtlpSettings.Protocol.HTTP_PROTOBUF, endpoint, true))) {
      sender.send(REQUEST);
      assertThat(
              ExportTraceServiceRequest.parseFrom(
                  new GZIPInputStream(new ByteArrayInputStream(body.get())).readAllBytes()))
          .isEqualTo(REQUEST);
      assertThat(headers)
          .containsEntry("Content-type", "application/x-protobuf")
          .containsEntry("X-key", "secret");
      answer.set(503);
      assertThat(failure(sender).isPassing()).isTrue();
      answer.set(400);
      assertThat(failure(sender).isPassing()).isFalse();
    } finally {
      server.stop(0);
    }
    try (Sender sender =
        Sender.of(settings(OtlpSettings.Protocol.HTTP_PROTOBUF, endpoint, false))) {
      assertThat(failure(sender).isPassing()).isTrue();
    }
  }

  private static SendException failure(Sender sender) {
    AtomicReference<SendException> thrown = new AtomicReference<>();
    assertThatThrownBy(() -> sender.send(REQUEST))
        .isInstanceOfSatisfying(SendException.class, thrown::set);
    return thrown.get();
  }
}
