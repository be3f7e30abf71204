package dev.kiln.registry.client;

import dev.kiln.registry.auth.AuthorizationException;
import dev.kiln.registry.auth.Authorizer;
import dev.kiln.registry.auth.Challenge;
import dev.kiln.registry.auth.Scopes;
import dev.kiln.registry.failure.HostAnswer;
import dev.kiln.registry.failure.NotFoundException;
import dev.kiln.registry.failure.RateLimitedException;
import dev.kiln.registry.failure.RegistryException;
import dev.kiln.registry.failure.UnauthorizedException;
import dev.kiln.registry.failure.UnexpectedAnswerException;
import dev.kiln.registry.failure.UnreachableException;
import dev.kiln.registry.host.Server;
import dev.kiln.registry.host.TlsSettingsException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends calls to one server for one build. This is the only place that knows of authentication and
 * of second attempts. Thread-safe.
 */
final class HostCaller {
  private static final Logger LOG = LoggerFactory.getLogger(HostCaller.class);
  private static final int MAX_CHALLENGES = 3;

  private final Server server;
  private final Exchange exchange;
  private final Authorizer authorizer;
  private final RetryPolicy policy;
  private final boolean writes;

  /**
   * @param writes whether calls are part of a push, which changes the words of a refusal
   */
  HostCaller(
      Server server, Exchange exchange, Authorizer authorizer, RetryPolicy policy, boolean writes) {
    this.server = server;
    this.exchange = exchange;
    this.authorizer = authorizer;
    this.policy = policy;
    this.writes = writes;
  }

  Server server() {
    return server;
  }

  /**
   * Sends a call until it is answered for good.
   *
   * @throws RegistryException if the answer is a refusal, or there is none
   */
  <T> T call(RegistryCall<T> call, Scopes scopes) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Failure failure;
      try {
        Answer answer = authorized(call, scopes);
        if (call.accepts(answer.status())) {
          return read(call, answer);
        }
        failure = refusal(call, answer, attempt);
      } catch (InterruptedIOException e) {
        throw e;
      } catch (AuthorizationException e) {
        throw denied(call, new HostAnswer(server.host(), 401, ""), e.reason());
      } catch (RegistryException e) {
        throw e;
      } catch (IOException e) {
        IOException own = BlobSourceException.reasonOf(e);
        if (!own.equals(e) || Thread.currentThread().isInterrupted()) {
          throw own;
        }
        failure =
            new Failure(
                UnreachableException.of(call.purpose(), server.host(), e), maySucceed(call, e));
      }
      if (!failure.again() || !call.isRepeatable() || attempt >= policy.maxAttempts()) {
        throw failure.exception();
      }
      Duration delay = failure.delay(policy, attempt);
      LOG.debug(
          "attempt {} failed, trying again in {}: {}",
          attempt,
          delay,
          failure.exception().getMessage());
      policy.waitFor(delay);
    }
  }

  /** A failure of one attempt, and whether another one may end better. */
  private record Failure(RegistryException exception, boolean again) {
    Duration delay(RetryPolicy policy, int attempt) {
      Duration own = policy.delayAfter(attempt);
      return exception instanceof RateLimitedException limited
              && limited.retryAfter().compareTo(own) > 0
          ? limited.retryAfter()
          : own;
    }
  }

  private static <T> T read(RegistryCall<T> call, Answer answer) throws IOException {
    if (call.keepsBody()) {
      return call.read(answer);
    }
    try (answer) {
      return call.read(answer);
    }
  }

  private Answer authorized(RegistryCall<?> call, Scopes scopes) throws IOException {
    Scopes wanted = scopes;
    for (int round = 0; ; round++) {
      Optional<String> authorization = authorizer.authorization(server, wanted);
      Answer answer = exchange.send(server, call, authorization);
      if (answer.status() != 401 || round == MAX_CHALLENGES) {
        return answer;
      }
      List<Challenge> challenges = Challenge.parse(answer.headers().allValues("WWW-Authenticate"));
      if (challenges.isEmpty()) {
        return answer;
      }
      answer.body().close();
      wanted = authorizer.refused(server, challenges, wanted, authorization);
    }
  }

  private Failure refusal(RegistryCall<?> call, Answer answer, int attempt) throws IOException {
    HostAnswer told;
    try (answer) {
      told = new HostAnswer(server.host(), answer.status(), ErrorBody.read(answer));
    }
    return switch (answer.status()) {
      case 404 ->
          new Failure(new NotFoundException(call.purpose(), call.subject(), List.of(told)), false);
      case 401, 403 -> new Failure(denied(call, told, "authorization failed"), false);
      case 429 -> {
        Duration wait = policy.retryAfter(answer.header("Retry-After"));
        var limited = new RateLimitedException(call.purpose(), attempt, wait, List.of(told));
        yield new Failure(limited, wait.compareTo(policy.maxDelay()) <= 0);
      }
      default -> {
        boolean again = answer.status() >= 500 || answer.status() == 408;
        String conclusion = attempt > 1 ? "gave up after " + attempt + " attempts" : "";
        yield new Failure(
            new UnexpectedAnswerException(call.purpose(), conclusion, List.of(told)), again);
      }
    };
  }

  private UnauthorizedException denied(RegistryCall<?> call, HostAnswer told, String reason) {
    String action = writes ? "push" : "pull";
    return new UnauthorizedException(
        call.purpose(),
        action
            + " access denied, repository does not exist or may require authorization: "
            + reason,
        List.of(told));
  }

  private static boolean maySucceed(RegistryCall<?> call, IOException failure) {
    if (failure instanceof SSLException || failure.getCause() instanceof SSLException) {
      return false;
    }
    if (failure instanceof HttpConnectTimeoutException || failure instanceof TlsSettingsException) {
      return false;
    }
    if (failure instanceof ConnectException) {
      boolean unknownName =
          failure.getCause() instanceof UnresolvedAddressException
              || (failure.getCause() != null
                  && failure.getCause().getCause() instanceof UnresolvedAddressException);
      return !unknownName && call.outlastsRefusedConnections();
    }
    return true;
  }
}
