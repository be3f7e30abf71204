package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import dev.kiln.wire.control.BuildHistoryRequest;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.Descriptor;
import dev.kiln.wire.control.UpdateBuildHistoryRequest;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import dev.kiln.wire.socket.KilnServer;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A build's trace from the pipeline that called the client to the process of a step. */
@Timeout(180)
class TracesTest {
  private static final String PIPELINE = "b7ad6b7169203331";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SOLVE = "moby.buildkit.v1.Control/Solve";
  private static final Path BUSYBOX = Path.of("/bin/busybox");
  private static final int PATIENCE_SECONDS = 30;

  @TempDir private Path folder;

  /** Keeps the spans that it gets. */
  private static final class Collector extends TraceServiceGrpc.TraceServiceImplBase {
    private final BlockingQueue<Span> arriving = new LinkedBlockingQueue<>();
    private final List<Span> arrived = new ArrayList<>();

    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> out) {
      for (ResourceSpans resource : request.getResourceSpansList()) {
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          arriving.addAll(scope.getSpansList());
        }
      }
      out.onNext(ExportTraceServiceResponse.getDefaultInstance());
      out.onCompleted();
    }

    /** Waits for a span of that name and kind. */
    Span await(String name, Span.SpanKind kind) throws InterruptedException {
      while (true) {
        for (Span span : arrived) {
          if (span.getName().equals(name) && span.getKind() == kind) {
            return span;
          }
        }
        Span next = arriving.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("%s among %s", name, arrived).isNotNull();
        arrived.add(next);
      }
    }
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private Path context() throws Exception {
    assumeTrue(Files.isExecutable(BUSYBOX), "busybox-static is not installed");
    Path context = Files.createDirectory(folder.resolve("context"));
    Files.copy(BUSYBOX, context.resolve("busybox"));
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY busybox /
        RUN ["/busybox", "env"]
        """);
    return context;
  }

  @Test
  void aTraceIsWhole() throws Exception {
    Collector collector = new Collector();
    try (KilnServer server =
            KilnServer.builder()
                .service(collector)
                .listen(new Address.Tcp("127.0.0.1", 0))
                .start();
        KilndProcess kilnd =
            KilndProcess.start(
                folder,
                folder.resolve("root"),
                "[otel]\nsocketPath = \"" + folder.resolve("otel.sock") + "\"\n",
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    server.addresses().getFirst().toString().replace("tcp:", "http:")))) {
      String shown = build(kilnd).err();

      Span client = collector.await("build", Span.SpanKind.SPAN_KIND_INTERNAL);
      Span call = collector.await(SOLVE, Span.SpanKind.SPAN_KIND_CLIENT);
      Span build = collector.await(SOLVE, Span.SpanKind.SPAN_KIND_SERVER);
      Span step =
          collector.await("[2/2] RUN [\"/busybox\", \"env\"]", Span.SpanKind.SPAN_KIND_INTERNAL);
      assertThat(hex(client.getParentSpanId())).isEqualTo(PIPELINE);
      assertThat(call.getParentSpanId()).isEqualTo(client.getSpanId());
      assertThat(build.getParentSpanId()).isEqualTo(call.getSpanId());
      assertThat(step.getParentSpanId()).isEqualTo(build.getSpanId());
      assertThat(List.of(client, call, build, step))
          .allSatisfy(span -> assertThat(hex(span.getTraceId())).isEqualTo(TRACE));
      assertThat(shown)
          .contains("TRACEPARENT=00-" + TRACE + "-" + hex(step.getSpanId()) + "-01")
          .contains("OTEL_TRACES_EXPORTER=otlp");
      assertThat(recorded(kilnd))
          .contains(hex(client.getSpanId()), hex(build.getSpanId()), hex(step.getSpanId()));
    }
  }

  @Test
  void aBuildDoesNotNeedItsCollector() throws Exception {
    int port;
    try (KilnServer server = KilnServer.builder().listen(new Address.Tcp("127.0.0.1", 0)).start()) {
      port = ((Address.Tcp) server.addresses().getFirst()).port();
    }
    KilndProcess stopped;
    try (KilndProcess kilnd =
        KilndProcess.start(
            folder,
            folder.resolve("root"),
            "",
            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port))) {
      assertThat(build(kilnd).err()).doesNotContain("TRACEPARENT");
      stopped = kilnd;
    }
    assertThat(stopped.log()).containsPattern("could not send \\d+ spans to the collector");
  }

  private Run build(KilndProcess kilnd) throws Exception {
    Path context = context();
    return Run.of(
            Map.of("TRACEPARENT", "00-" + TRACE + "-" + PIPELINE + "-01"),
            folder,
            kilnd.buildctlCommand(context))
        .ok();
  }

  /** The trace in the record of the only build, in which its client's spans are by now. */
  private static String recorded(KilndProcess kilnd) throws Exception {
    ManagedChannel channel = KilnChannel.open(Address.parse(kilnd.address()));
    try {
      ControlGrpc.ControlBlockingStub control = ControlGrpc.newBlockingStub(channel);
      BuildHistoryRequest all = BuildHistoryRequest.newBuilder().setEarlyExit(true).build();
      String ref = control.listenBuildHistory(all).next().getRecord().getRef();
      var _ =
          control.updateBuildHistory(
              UpdateBuildHistoryRequest.newBuilder().setRef(ref).setFinalize(true).build());
      Descriptor trace = control.listenBuildHistory(all).next().getRecord().getTrace();
      assertThat(trace.getMediaType()).isEqualTo("application/vnd.buildkit.otlp.json.v0");
      return Run.of(
              Tools.require("buildctl"),
              "--addr=" + kilnd.address(),
              "debug",
              "get",
              trace.getDigest())
          .ok()
          .output();
    } finally {
      channel.shutdownNow();
    }
  }
}
