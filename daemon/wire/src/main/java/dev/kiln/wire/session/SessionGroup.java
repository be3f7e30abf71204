package dev.kiln.wire.session;

import io.grpc.StatusRuntimeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of the builds that want one piece of work: each is asked in turn until one helps.
 * Immutable.
 */
public final class SessionGroup {
  private final SessionRegistry registry;
  private final List<String> ids;

  SessionGroup(SessionRegistry registry, List<String> ids) {
    this.registry = registry;
    this.ids = List.copyOf(ids);
  }

  /**
   * What is asked of a session.
   *
   * @param <T> the answer
   * @param <X> what else it may throw
   */
  @FunctionalInterface
  public interface Question<T, X extends Exception> {
    T ask(Session session) throws X;
  }

  /** The ids, in the order in which they are asked. */
  public List<String> ids() {
    return ids;
  }

  /**
   * The first answer. A session that is missing or answers with a gRPC error leaves the question to
   * the next one; other exceptions end the search.
   *
   * @throws NoSessionException if there is no session to ask
   * @throws StatusRuntimeException the last session's error
   */
  public <T, X extends Exception> T any(Question<T, X> question) throws X {
    RuntimeException last = null;
    for (String id : ids) {
      try {
        return question.ask(registry.get(id));
      } catch (NoSessionException | StatusRuntimeException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        last = suppressing(e, last);
      }
    }
    throw last == null ? NoSessionException.none() : last;
  }

  private static RuntimeException suppressing(
      RuntimeException error, @Nullable RuntimeException earlier) {
    if (earlier != null) {
      error.addSuppressed(earlier);
    }
    return error;
  }
}
