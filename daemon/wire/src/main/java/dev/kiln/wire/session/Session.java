package dev.kiln.wire.session;

import dev.kiln.wire.tunnel.SessionTunnel;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A client that keeps a session open, and what it offers. Thread-safe. */
public final class Session implements AutoCloseable {
  private final String id;
  private final String sharedKey;
  private final Set<String> methods;
  private final SessionTunnel tunnel;
  private final Channel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  Session(Metadata headers, SessionTunnel tunnel) {
    String sentId = SessionHeaders.get(headers, SessionHeaders.ID);
    String sentKey = SessionHeaders.get(headers, SessionHeaders.SHARED_KEY);
    Set<String> offered = new HashSet<>();
    for (String method : SessionHeaders.all(headers, SessionHeaders.METHOD)) {
      offered.add(method.toLowerCase(Locale.ROOT));
    }
    this.id = sentId == null ? "" : sentId;
    this.sharedKey = sentKey == null ? "" : sentKey;
    this.methods = Set.copyOf(offered);
    this.tunnel = tunnel;
    this.channel = TraceOfSession.on(tunnel.channel(), headers);
    tunnel.onClose(() -> closed.set(true));
  }

  /** The id under which a Solve names this session. */
  public String id() {
    return id;
  }

  /** What equal local directories of one client share; may be empty. */
  public String sharedKey() {
    return sharedKey;
  }

  /** Whether the client serves a method; case does not matter. */
  public boolean supports(MethodDescriptor<?, ?> method) {
    return supports("/" + method.getFullMethodName());
  }

  /** Whether the client serves {@code /package.Service/Method}; case does not matter. */
  public boolean supports(String methodPath) {
    return methods.contains(methodPath.toLowerCase(Locale.ROOT));
  }

  /** The channel on which the client's services are called, as part of the client's trace. */
  public Channel channel() {
    return channel;
  }

  /** Whether the client has gone. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Runs {@code listener} when the client goes, or at once if it has; it must not block. */
  public void onClose(Runnable listener) {
    tunnel.onClose(listener);
  }

  /** Sends the client away. */
  @Override
  public void close() {
    tunnel.close();
  }
}
