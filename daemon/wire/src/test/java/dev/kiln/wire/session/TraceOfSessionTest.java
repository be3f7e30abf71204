package dev.kiln.wire.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.wire.caps.StandardServices;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import dev.kiln.wire.socket.KilnServer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TraceOfSessionTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** Keeps the headers of the last call. */
  private static final class Headers implements ServerInterceptor {
    final AtomicReference<Metadata> last = new AtomicReference<>();

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      last.set(headers);
      return next.startCall(call, headers);
    }
  }

  @Test
  void callsCarryTheTraceInWhichTheSessionWasOpened() throws Exception {
    Headers headers = new Headers();
    Metadata session = SessionHeaders.opening("id", "key", java.util.List.of());
    session.put(key("traceparent"), PARENT);
    try (KilnServer server =
        KilnServer.builder()
            .service(StandardServices.health())
            .intercept(headers)
            .listen(new Address.Tcp("127.0.0.1", 0))
            .start()) {
      ManagedChannel channel = KilnChannel.open(server.addresses().getFirst());
      try {
        HealthGrpc.newBlockingStub(TraceOfSession.on(channel, session))
            .check(HealthCheckRequest.getDefaultInstance());
        assertThat(headers.last.get().get(key("traceparent"))).isEqualTo(PARENT);
        assertThat(headers.last.get().get(key(SessionHeaders.ID))).isNull();
        assertThat(TraceOfSession.on(channel, new Metadata())).isSameAs(channel);
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
