package dev.kiln.wire.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.wire.attach.AttachedUploads;
import dev.kiln.wire.caps.StandardServices;
import dev.kiln.wire.session.SessionHeaders;
import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.ChunkInputStream;
import dev.kiln.wire.stream.ClientStream;
import dev.kiln.wire.upload.UploadGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StdioServerTest {
  private final Pipe toServer;
  private final Pipe toClient;

  StdioServerTest() throws IOException {
    toServer = Pipe.open();
    toClient = Pipe.open();
  }

  @Test
  void callsGoThroughAPairOfStreams() throws Exception {
    byte[] body = new byte[20 << 20];
    new Random(1).nextBytes(body);
    AttachedUploads uploads = new AttachedUploads();
    String url = uploads.add(new ByteArrayInputStream(body));
    try (StdioServer server =
        StdioServer.start(
            Channels.newInputStream(toServer.source()),
            Channels.newOutputStream(toClient.sink()),
            List.of(StandardServices.health(), uploads.service()))) {
      ManagedChannel channel = dial();

      assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
      Metadata headers = new Metadata();
      SessionHeaders.put(headers, SessionHeaders.URL_PATH, url.substring(url.lastIndexOf('/')));
      var method = BytesMarshaller.raw(UploadGrpc.getPullMethod());
      try (InputStream in = new ChunkInputStream(ClientStream.open(channel, method, headers))) {
        assertThat(in.readAllBytes()).isEqualTo(body);
      }
      channel.shutdownNow();
      server.awaitTermination();
    }
  }

  @Test
  void serverEndsWithItsInput() throws Exception {
    try (StdioServer server =
        StdioServer.start(
            Channels.newInputStream(toServer.source()),
            Channels.newOutputStream(toClient.sink()),
            List.of(StandardServices.health()))) {
      ManagedChannel channel = dial();
      assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);

      toServer.sink().close();

      server.awaitTermination();
      assertThatThrownBy(() -> health(channel)).isInstanceOf(StatusRuntimeException.class);
      channel.shutdownNow();
    }
  }

  private ManagedChannel dial() {
    return StdioServer.dial(
        Channels.newInputStream(toClient.source()), Channels.newOutputStream(toServer.sink()));
  }

  private static ServingStatus health(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }
}
