package dev.kiln.registry.failure;

import java.util.List;

/**
 * An answer that the protocol does not foresee here: a 5xx that stayed, another 4xx, a broken body.
 */
public final class UnexpectedAnswerException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final String conclusion;

  /**
   * @param purpose what was tried, beginning with a verb
   * @param conclusion what follows from the answers; may be empty
   */
  public UnexpectedAnswerException(String purpose, String conclusion, List<HostAnswer> answers) {
    super(purpose, answers, conclusion, null);
    this.conclusion = conclusion;
  }

  @Override
  public UnexpectedAnswerException after(String purpose, List<HostAnswer> allAnswers) {
    return new UnexpectedAnswerException(purpose, conclusion, allAnswers);
  }

  @Override
  public int weight() {
    return 3;
  }
}
