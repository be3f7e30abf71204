package dev.kiln.daemon.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.daemon.gateway.CallRunner;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import dev.kiln.wire.socket.KilnServer;
import dev.kiln.wire.stream.BytesMarshaller;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraceServiceTest {
  private static final String TRACE = "1".repeat(32);
  private static final String ID = "2".repeat(16);

  private final List<ResourceSpans> taken = new CopyOnWriteArrayList<>();
  private KilnServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    server =
        KilnServer.builder()
            .service(new TraceService(taken::add, new CallRunner()).definition())
            .listen(new Address.Tcp("127.0.0.1", 0))
            .start();
    channel = KilnChannel.open(server.addresses().getFirst());
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void spansAreTaken() {
    ResourceSpans spans = Spans.resource(List.of(Spans.span(TRACE, ID, "a")));
    ExportTraceServiceResponse answer = export(spans);
    assertThat(answer.hasPartialSuccess()).isFalse();
    assertThat(taken).containsExactly(spans);
  }

  @Test
  void spansWithoutIdsAreCounted() {
    ExportTraceServiceResponse answer =
        export(
            Spans.resource(
                List.of(
                    Spans.span(TRACE, ID, "good"),
                    Spans.span("", ID, "no trace"),
                    Spans.span(TRACE, "0".repeat(16), "zero"),
                    Spans.span(TRACE, "22", "short"))));
    assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(3);
    assertThat(answer.getPartialSuccess().getErrorMessage()).contains("trace id of 16 bytes");
    assertThat(Spans.names(taken.getFirst())).containsExactly("good");
  }

  @Test
  void whatIsNoMessageGetsAClearStatus() {
    var method = BytesMarshaller.undecoded(TraceServiceGrpc.getExportMethod());
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, method, CallOptions.DEFAULT, new byte[] {10, 127, 1}))
        .hasMessageStartingWith("INVALID_ARGUMENT: could not read the spans");
    assertThat(taken).isEmpty();
  }

  private ExportTraceServiceResponse export(ResourceSpans spans) {
    return TraceServiceGrpc.newBlockingStub(channel)
        .export(ExportTraceServiceRequest.newBuilder().addResourceSpans(spans).build());
  }
}
