package dev.kiln.wire.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.wire.caps.StandardServices;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KilnServerTest {
  @TempDir Path folder;

  @Test
  void servesUnixAndTcpAtOnce() throws Exception {
    Path socket = folder.resolve("new/k.sock");
    try (KilnServer server = start(new Address.Unix(socket), new Address.Tcp("127.0.0.1", 0))) {
      assertThat(Files.getPosixFilePermissions(socket))
          .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
      for (Address address : server.addresses()) {
        assertThat(health(address)).isEqualTo(ServingStatus.SERVING);
      }
      server.drain(Duration.ofSeconds(5));
    }
    assertThat(socket).doesNotExist();
  }

  @Test
  void socketThatNobodyListensOnIsReplaced() throws Exception {
    Path socket = folder.resolve("k.sock");
    try (var stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(socket));
    }
    try (KilnServer server = start(new Address.Unix(socket))) {
      assertThat(health(server.addresses().getFirst())).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void socketInUseIsLeftAlone() throws Exception {
    Address address = new Address.Unix(folder.resolve("k.sock"));
    try (KilnServer server = start(address)) {
      assertThatThrownBy(() -> start(address))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("address in use");
      assertThat(health(server.addresses().getFirst())).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void fileInTheWayIsLeftAlone() throws Exception {
    Path file = Files.writeString(folder.resolve("k.sock"), "precious");
    assertThatThrownBy(() -> start(new Address.Unix(file)))
        .hasMessageContaining("a file that is not a socket is in the way");
    assertThat(file).hasContent("precious");
  }

  @Test
  void portInUseIsNamed() throws Exception {
    try (KilnServer server = start(new Address.Tcp("127.0.0.1", 0))) {
      assertThatThrownBy(() -> start(server.addresses().getFirst()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("could not listen on " + server.addresses().getFirst());
    }
  }

  private static KilnServer start(Address... addresses) throws IOException {
    var builder = KilnServer.builder().service(StandardServices.health());
    for (Address address : addresses) {
      builder.listen(address);
    }
    return builder.start();
  }

  private static ServingStatus health(Address address) {
    ManagedChannel channel = KilnChannel.open(address);
    try {
      return HealthGrpc.newBlockingStub(channel)
          .check(HealthCheckRequest.getDefaultInstance())
          .getStatus();
    } finally {
      channel.shutdownNow();
    }
  }
}
