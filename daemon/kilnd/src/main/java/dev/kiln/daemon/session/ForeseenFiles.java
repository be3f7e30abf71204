package dev.kiln.daemon.session;

import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.session.RemoteFiles;
import dev.kiln.wire.session.RemoteFiles.Request;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.stream.MessageStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks clients early for the folders that builds will want. Builds of one project ask for the same
 * folders, one after the other: the Dockerfile, its ignore file, the context. When a session's
 * first transfer is like the first one of the last session with its shared key, the others of that
 * one are begun too, so that the client looks through its files while the Dockerfile is read. A
 * transfer that nobody claims costs the client a walk at most: it is given up when its folder is
 * asked for in another way, or with the session. One that is claimed late is given up too, since it
 * may tell of files as they were before a long pull of a frontend or base image. Thread-safe.
 */
public final class ForeseenFiles {
  private static final int PROJECTS = 256;

  /** Transfers of a session that are remembered. */
  private static final int TRANSFERS = 8;

  /** Patterns of a transfer that are remembered; builds with more have other worries. */
  private static final int PATTERNS = 500;

  /** After this a transfer that was begun ahead is begun anew. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Visit> visits = new HashMap<>();
  private final Map<String, List<Request>> lastOf =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, List<Request>> eldest) {
          return size() > PROJECTS;
        }
      };

  /** What a session was asked for. */
  private static final class Visit {
    final List<Request> asked = new ArrayList<>();
    final Map<Request, Ahead> ahead = new HashMap<>();
  }

  /** A transfer that nobody asked for yet. */
  private record Ahead(MessageStream<Packet, Packet> transfer, Instant begun) {}

  /** How a transfer with one client is begun, without waiting for it. */
  @FunctionalInterface
  interface Opener {
    MessageStream<Packet, Packet> open(Request request);
  }

  /**
   * Foresees nothing yet.
   *
   * @param clock tells how long ago a transfer was begun
   */
  public ForeseenFiles(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Opens a transfer in which this side receives, or gives the one that was begun.
   *
   * @throws dev.kiln.wire.session.NoSessionException if the client offers no directories
   */
  public MessageStream<Packet, Packet> open(Session session, Request request) {
    String id = session.id();
    String project = session.sharedKey();
    if (began(id)) {
      session.onClose(() -> ended(id, project));
    }
    return open(id, project, request, new RemoteFiles(session)::diffCopy);
  }

  /** Whether the session is new here. */
  boolean began(String session) {
    lock.lock();
    try {
      return visits.putIfAbsent(session, new Visit()) == null;
    } finally {
      lock.unlock();
    }
  }

  MessageStream<Packet, Packet> open(
      String session, String project, Request request, Opener opener) {
    lock.lock();
    try {
      Visit visit = visits.get(session);
      MessageStream<Packet, Packet> begun =
          visit == null ? null : take(visit, request, project, opener);
      return begun == null ? opener.open(request) : begun;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable MessageStream<Packet, Packet> take(
      Visit visit, Request request, String project, Opener opener) {
    MessageStream<Packet, Packet> begun = claim(visit, request);
    if (visit.asked.isEmpty()) {
      List<Request> last = lastOf.getOrDefault(project, List.of());
      if (!last.isEmpty() && last.getFirst().equals(request)) {
        last.stream()
            .skip(1)
            .distinct()
            .filter(other -> !other.equals(request))
            .forEach(
                other -> visit.ahead.put(other, new Ahead(opener.open(other), clock.instant())));
      }
    } else if (begun == null) {
      visit
          .ahead
          .entrySet()
          .removeIf(
              other -> {
                boolean inVain = isInVain(other.getKey(), request);
                if (inVain) {
                  other.getValue().transfer().close();
                }
                return inVain;
              });
    }
    if (visit.asked.size() < TRANSFERS) {
      visit.asked.add(request);
    }
    return begun;
  }

  private @Nullable MessageStream<Packet, Packet> claim(Visit visit, Request request) {
    Ahead ahead = visit.ahead.remove(request);
    if (ahead == null) {
      return null;
    }
    if (ahead.begun().plus(FRESH).isBefore(clock.instant())) {
      ahead.transfer().close();
      return null;
    }
    return ahead.transfer();
  }

  /** One that asks for single files says nothing about one that asks for a tree. */
  private static boolean isInVain(Request foreseen, Request real) {
    return foreseen.name().equals(real.name())
        && foreseen.include().isEmpty() == real.include().isEmpty();
  }

  /** Gives up what nobody claimed, and remembers what was asked for. */
  void ended(String session, String project) {
    lock.lock();
    try {
      Visit visit = visits.remove(session);
      if (visit == null) {
        return;
      }
      visit.ahead.values().forEach(ahead -> ahead.transfer().close());
      if (visit.asked.stream().allMatch(ForeseenFiles::isShort)) {
        lastOf.put(project, List.copyOf(visit.asked));
      } else {
        lastOf.remove(project);
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isShort(Request request) {
    return request.include().size() + request.exclude().size() + request.follow().size()
        <= PATTERNS;
  }
}
