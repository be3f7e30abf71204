package dev.kiln.wire.socket;

import dev.kiln.wire.Limits;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's listening sockets, all with the same services. Thread-safe once started; {@link
 * #close} stops at once, {@link #drain} lets open calls end first.
 */
public final class KilnServer implements AutoCloseable {
  private final List<Listener> listeners;

  private KilnServer(List<Listener> listeners) {
    this.listeners = listeners;
  }

  private record Listener(Address address, Server server) {}

  /** Starts to describe a server. */
  public static Builder builder() {
    return new Builder();
  }

  /** The addresses that it listens on, in order; TCP ports are the real ones. */
  public List<Address> addresses() {
    return listeners.stream().map(Listener::address).toList();
  }

  /** Takes no more calls, and waits at most that long for open ones before it cancels them. */
  public void drain(Duration patience) throws InterruptedException {
    listeners.forEach(listener -> listener.server().shutdown());
    long deadline = System.nanoTime() + patience.toNanos();
    for (Listener listener : listeners) {
      long left = Math.max(0, deadline - System.nanoTime());
      if (!listener.server().awaitTermination(left, TimeUnit.NANOSECONDS)) {
        listener.server().shutdownNow();
      }
    }
  }

  /** Blocks until the server was stopped. */
  public void awaitTermination() throws InterruptedException {
    for (Listener listener : listeners) {
      listener.server().awaitTermination();
    }
  }

  @Override
  public void close() {
    listeners.forEach(listener -> listener.server().shutdownNow());
  }

  /** What a server offers and where. Not thread-safe. */
  public static final class Builder {
    private final List<Address> addresses = new ArrayList<>();
    private final List<ServerServiceDefinition> services = new ArrayList<>();
    private final List<ServerInterceptor> interceptors = new ArrayList<>();
    private @Nullable TlsFiles tls;
    private @Nullable Integer socketGroup;
    private int maxMessageBytes = Limits.MESSAGE_BYTES;

    private Builder() {}

    /** Listens on one more address. */
    public Builder listen(Address address) {
      addresses.add(address);
      return this;
    }

    /** Uses TLS on TCP addresses; Unix sockets stay plain. */
    public Builder tls(@Nullable TlsFiles files) {
      tls = files;
      return this;
    }

    /** Numeric id of the group that may connect to Unix sockets. */
    public Builder socketGroup(@Nullable Integer groupId) {
      socketGroup = groupId;
      return this;
    }

    /** Offers a service. */
    public Builder service(ServerServiceDefinition service) {
      services.add(service);
      return this;
    }

    /** Offers a service. */
    public Builder service(BindableService service) {
      return service(service.bindService());
    }

    /** Wraps every call; the one added last runs first. */
    public Builder intercept(ServerInterceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    /** Replaces the limit of 16 MiB for one received message. */
    public Builder maxMessageBytes(int bytes) {
      maxMessageBytes = bytes;
      return this;
    }

    /**
     * Binds every address and starts to serve.
     *
     * @throws IOException if an address cannot be bound; none is left open then
     */
    public KilnServer start() throws IOException {
      List<Listener> started = new ArrayList<>();
      try {
        for (Address address : addresses) {
          started.add(start(address));
        }
      } catch (IOException | RuntimeException e) {
        started.forEach(listener -> listener.server().shutdownNow());
        throw e;
      }
      return new KilnServer(List.copyOf(started));
    }

    private Listener start(Address address) throws IOException {
      if (address instanceof Address.Unix(var path)) {
        UnixSocketFile.prepare(path);
      }
      var netty = ServerSockets.builder(address, tls).maxInboundMessageSize(maxMessageBytes);
      interceptors.forEach(netty::intercept);
      Server server = netty.addServices(services).build();
      try {
        server.start();
      } catch (IOException e) {
        throw new IOException("could not listen on " + address + ": " + rootMessage(e), e);
      }
      if (address instanceof Address.Unix(var path)) {
        UnixSocketFile.open(path, socketGroup);
      }
      return new Listener(ServerSockets.bound(address, server), server);
    }

    private static String rootMessage(Throwable error) {
      Throwable cause = error;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return String.valueOf(cause.getMessage());
    }
  }
}
