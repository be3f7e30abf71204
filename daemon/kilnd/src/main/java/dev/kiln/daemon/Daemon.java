package dev.kiln.daemon;

import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.daemon.control.ControlService;
import dev.kiln.daemon.gateway.BridgeService;
import dev.kiln.daemon.gateway.BuildIdInterceptor;
import dev.kiln.daemon.gateway.CallRunner;
import dev.kiln.daemon.gateway.ForwardedSessions;
import dev.kiln.daemon.trace.TraceHeaders;
import dev.kiln.daemon.trace.TraceService;
import dev.kiln.wire.blobs.ContentService;
import dev.kiln.wire.blobs.ReadOnlyBlobs;
import dev.kiln.wire.caps.StandardServices;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnServer;
import dev.kiln.wire.socket.TlsFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running daemon: its parts, and the sockets on which it serves them. */
public final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration CANCELLED_ENDS_WITHIN = Duration.ofSeconds(2);

  private final Parts parts;
  private final KilnServer server;
  private final @Nullable KilnServer stepTraces;
  private final IdleWatch idle;

  private Daemon(Parts parts, KilnServer server, @Nullable KilnServer stepTraces, IdleWatch idle) {
    this.parts = parts;
    this.server = server;
    this.stepTraces = stepTraces;
    this.idle = idle;
  }

  /**
   * Opens the state and starts to serve.
   *
   * @throws IOException when the state is held by another daemon or cannot be used, or an address
   *     cannot be listened on
   */
  public static Daemon start(KilndConfig config) throws IOException {
    Parts parts = Parts.open(config);
    KilnServer stepTraces = null;
    try {
      stepTraces = serveStepTraces(config.otel(), parts);
      IdleWatch idle = new IdleWatch(InstantSource.system());
      return new Daemon(parts, serve(config, parts, idle), stepTraces, idle);
    } catch (IOException | RuntimeException e) {
      if (stepTraces != null) {
        stepTraces.close();
      }
      parts.close();
      throw e;
    }
  }

  private static KilnServer serve(KilndConfig config, Parts parts, IdleWatch idle)
      throws IOException {
    CallRunner calls = new CallRunner();
    ControlService control =
        new ControlService(parts.worker(), parts.builds(), parts.solves(), parts.history(), calls);
    BridgeService bridge =
        new BridgeService(new ForwardedSessions(parts.builds()::awaitFrontend), calls);
    KilnServer.Builder server =
        KilnServer.builder()
            .intercept(new BuildIdInterceptor())
            .intercept(new TraceHeaders())
            .intercept(idle)
            .service(parts.sessions().serve(control.bindService()))
            .service(bridge.definition())
            .service(new TraceService(parts.tracing()::accept, calls).definition())
            .service(StandardServices.health())
            .service(ContentService.over(new ReadOnlyBlobs(parts.refs().content())))
            .tls(tls(config.tls()))
            .socketGroup(config.socketOwner().gid().orElse(null));
    StandardServices.reflection().forEach(server::service);
    for (String address : config.addresses()) {
      try {
        server.listen(Address.parse(address));
      } catch (IllegalArgumentException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return server.start();
  }

  /** Steps reach the trace service alone. */
  private static @Nullable KilnServer serveStepTraces(KilndConfig.Otel config, Parts parts)
      throws IOException {
    if (config.socket().isEmpty()) {
      return null;
    }
    return KilnServer.builder()
        .service(new TraceService(parts.tracing()::accept, new CallRunner()).definition())
        .listen(new Address.Unix(config.socket().get()))
        .start();
  }

  private static @Nullable TlsFiles tls(KilndConfig.Tls tls) {
    if (tls.certificate().isEmpty() || tls.key().isEmpty()) {
      return null;
    }
    return new TlsFiles(
        tls.clientAuthority().orElse(null), tls.certificate().get(), tls.key().get());
  }

  /** Where it listens; TCP ports are the real ones. */
  public List<Address> addresses() {
    return server.addresses();
  }

  /** Who knows how long nobody has called. */
  public IdleWatch idle() {
    return idle;
  }

  /** Blocks until the daemon was stopped. */
  public void awaitStop() throws InterruptedException {
    server.awaitTermination();
  }

  /**
   * Stops: no new calls, running builds may go on for a while and are cancelled then, and at last
   * the state is closed.
   *
   * @param patience how long running builds may go on
   */
  public void stop(Duration patience) throws IOException, InterruptedException {
    parts.history().stopListeners();
    server.drain(parts.builds().running().isEmpty() ? Duration.ZERO : patience);
    parts.builds().running().forEach(build -> build.cancellation().cancel());
    if (!parts.builds().awaitNone(CANCELLED_ENDS_WITHIN)) {
      LOG.warn("{} builds did not end when cancelled", parts.builds().running().size());
    }
    if (stepTraces != null) {
      stepTraces.close();
    }
    parts.close();
  }
}
