package dev.kiln.registry.failure;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Something that was asked of a registry did not happen. The message says what was tried, what each
 * host answered, and what that means: {@code could not resolve docker.io/library/x:1:
 * registry-1.docker.io answered 404 Not Found (manifest unknown)}.
 */
public abstract sealed class RegistryException extends IOException
    permits NotFoundException,
        UnauthorizedException,
        RateLimitedException,
        UnreachableException,
        UnexpectedAnswerException {
  private static final long serialVersionUID = 1L;

  private final transient List<HostAnswer> answers;

  RegistryException(
      String purpose, List<HostAnswer> answers, String conclusion, @Nullable Throwable cause) {
    super(text(purpose, answers, conclusion), cause);
    this.answers = List.copyOf(answers);
  }

  private static String text(String purpose, List<HostAnswer> answers, String conclusion) {
    String tried = answers.stream().map(HostAnswer::toString).collect(Collectors.joining("; "));
    String text = "could not " + purpose + ": " + tried;
    return conclusion.isEmpty() ? text : text + ": " + conclusion;
  }

  /**
   * What the hosts that were asked said, in the order of asking; one at least, and the deciding one
   * among them.
   */
  public List<HostAnswer> answers() {
    return answers == null ? List.of() : answers;
  }

  /**
   * The same failure after several hosts were asked.
   *
   * @param purpose what was tried, beginning with a verb
   */
  public abstract RegistryException after(String purpose, List<HostAnswer> allAnswers);

  /**
   * How much this failure says when several hosts failed differently; the highest is reported. A
   * registry's refusal says more than "not found", which says more than a host that could not be
   * asked at all.
   */
  public abstract int weight();
}
