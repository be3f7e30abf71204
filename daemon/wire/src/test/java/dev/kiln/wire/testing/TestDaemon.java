package dev.kiln.wire.testing;

import dev.kiln.wire.attach.ClientSession;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import dev.kiln.wire.socket.KilnServer;
import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A daemon that only takes sessions, and a client's channel to it. */
public final class TestDaemon implements AutoCloseable {
  public final SessionRegistry sessions = new SessionRegistry();
  public final ManagedChannel channel;
  private final KilnServer server;

  public TestDaemon(Path folder) throws IOException {
    Address address = new Address.Unix(folder.resolve("d.sock"));
    server =
        KilnServer.builder()
            .listen(address)
            .service(sessions.serve(new ControlGrpc.ControlImplBase() {}.bindService()))
            .start();
    channel = KilnChannel.open(address);
  }

  /** Both ends of a session in which the client offers these services. */
  public record Pair(ClientSession client, Session session) {}

  public Pair open(ServerServiceDefinition... services) {
    ClientSession client = ClientSession.open(channel, "shared", List.of(services));
    return new Pair(client, sessions.get(client.id()));
  }

  @Override
  public void close() {
    sessions.close();
    channel.shutdownNow();
    server.close();
  }
}
