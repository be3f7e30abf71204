package dev.kiln.registry.failure;

import java.time.Duration;
import java.util.List;

/** The registry answered 429 to every attempt. */
public final class RateLimitedException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final int attempts;
  private final Duration retryAfter;

  /**
   * @param purpose what was tried, beginning with a verb
   * @param attempts how often it was tried
   * @param retryAfter what the registry last asked for; zero if it did not say
   */
  public RateLimitedException(
      String purpose, int attempts, Duration retryAfter, List<HostAnswer> answers) {
    super(purpose, answers, text(attempts, retryAfter), null);
    this.attempts = attempts;
    this.retryAfter = retryAfter;
  }

  private static String text(int attempts, Duration retryAfter) {
    String times = "tried " + attempts + (attempts == 1 ? " time" : " times");
    return retryAfter.isZero()
        ? times + "; log in or try again later"
        : times + "; retry after " + retryAfter.toSeconds() + " s";
  }

  /** How long the registry wants to be left alone; zero if it did not say. */
  public Duration retryAfter() {
    return retryAfter;
  }

  @Override
  public RateLimitedException after(String purpose, List<HostAnswer> allAnswers) {
    return new RateLimitedException(purpose, attempts, retryAfter, allAnswers);
  }

  @Override
  public int weight() {
    return 3;
  }
}
