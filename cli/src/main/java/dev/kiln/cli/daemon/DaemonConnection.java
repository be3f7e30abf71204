package dev.kiln.cli.daemon;

import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.InfoRequest;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A connection to a daemon that answers. */
public final class DaemonConnection implements AutoCloseable {
  private static final long ANSWER_S = 20;

  private final Address address;
  private final ManagedChannel channel;

  private DaemonConnection(Address address, ManagedChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /**
   * Connects; a daemon that nobody named and that does not run is started.
   *
   * @param err where that is said
   * @throws IOException if there is no daemon
   */
  public static DaemonConnection open(String flag, Map<String, String> environment, PrintStream err)
      throws IOException {
    DaemonAddress where = DaemonAddress.find(flag, environment);
    if (where.address() instanceof Address.Unix(Path socket) && !answers(socket)) {
      if (where.chosen()) {
        throw new IOException(
            "could not connect to the daemon at "
                + where.address()
                + ": nobody listens there; start kilnd with --addr "
                + where.address());
      }
      new DaemonLauncher(socket, environment).start();
      err.println("kiln: started a daemon at " + where.address() + "; it ends when it is idle");
    }
    return new DaemonConnection(
        where.address(), KilnChannel.open(where.address(), CallerTrace.headers(environment)));
  }

  /** Connects to a daemon only if it runs. */
  public static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** What calls go through. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Where the daemon is. */
  public Address address() {
    return address;
  }

  /** Asks the daemon for a sign of life. */
  void ping() throws IOException {
    try {
      var _ =
          ControlGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_S, TimeUnit.SECONDS)
              .info(InfoRequest.getDefaultInstance());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.UNIMPLEMENTED) {
        throw new IOException("the daemon at " + address + " does not answer", e);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
