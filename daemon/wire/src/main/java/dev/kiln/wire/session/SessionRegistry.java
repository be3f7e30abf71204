package dev.kiln.wire.session;

import dev.kiln.wire.tunnel.SessionTunnel;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions that are open. Thread-safe. */
public final class SessionRegistry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SessionRegistry.class);

  /** How long a lookup waits, since a Solve may overtake the Session call that it names. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition opened = lock.newCondition();
  private final Map<String, Session> sessions = new HashMap<>();
  private final Duration patience;

  /** An empty registry whose lookups wait 5 s. */
  public SessionRegistry() {
    this(PATIENCE);
  }

  SessionRegistry(Duration patience) {
    this.patience = patience;
  }

  /** The control service with its {@code Session} method served by this registry. */
  public ServerServiceDefinition serve(ServerServiceDefinition control) {
    return SessionTunnel.bind(control, this::register);
  }

  private void register(Metadata headers, SessionTunnel tunnel) {
    Session session = new Session(headers, tunnel);
    lock.lock();
    try {
      sessions.put(session.id(), session);
      opened.signalAll();
    } finally {
      lock.unlock();
    }
    log.debug("session {} opened", session.id());
    session.onClose(() -> remove(session));
    HealthCheck.of(headers).watch(session);
  }

  private void remove(Session session) {
    lock.lock();
    try {
      sessions.remove(session.id(), session);
    } finally {
      lock.unlock();
    }
    log.debug("session {} closed", session.id());
  }

  /**
   * The session with that id, which may have a prefix {@code <anything>:}; waits 5 s for it to
   * open.
   *
   * @throws NoSessionException if it does not
   */
  public Session get(String id) {
    String wanted = withoutPrefix(id);
    long left = patience.toNanos();
    lock.lock();
    try {
      while (true) {
        Session session = sessions.get(wanted);
        if (session != null && !session.isClosed()) {
          return session;
        }
        if (left <= 0) {
          throw NoSessionException.waitedFor(wanted);
        }
        left = opened.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NoSessionException.interrupted(wanted);
    } finally {
      lock.unlock();
    }
  }

  /** The session with that id, if it is open now. */
  public @Nullable Session find(String id) {
    lock.lock();
    try {
      return sessions.get(withoutPrefix(id));
    } finally {
      lock.unlock();
    }
  }

  /** The sessions of several builds that share work, to be asked in this order. */
  public SessionGroup group(List<String> ids) {
    return new SessionGroup(this, ids);
  }

  /** Closes every session. */
  @Override
  public void close() {
    List<Session> open;
    lock.lock();
    try {
      open = List.copyOf(sessions.values());
    } finally {
      lock.unlock();
    }
    open.forEach(Session::close);
  }

  private static String withoutPrefix(String id) {
    int colon = id.indexOf(':');
    return colon >= 0 && colon + 1 < id.length() ? id.substring(colon + 1) : id;
  }
}
