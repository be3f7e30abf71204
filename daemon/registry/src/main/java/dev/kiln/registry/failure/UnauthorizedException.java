package dev.kiln.registry.failure;

import java.util.List;

/** The registry wants credentials, other credentials, or forbids it (401, 403). */
public final class UnauthorizedException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param purpose what was tried, beginning with a verb
   * @param reason the text behind the answers, in the words that other clients use
   */
  public UnauthorizedException(String purpose, String reason, List<HostAnswer> answers) {
    super(purpose, answers, reason, null);
    this.reason = reason;
  }

  @Override
  public UnauthorizedException after(String purpose, List<HostAnswer> allAnswers) {
    return new UnauthorizedException(purpose, reason, allAnswers);
  }

  @Override
  public int weight() {
    return answers().stream().anyMatch(a -> a.status() == 403) ? 3 : 1;
  }
}
