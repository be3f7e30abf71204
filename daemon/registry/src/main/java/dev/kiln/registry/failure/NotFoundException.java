package dev.kiln.registry.failure;

import java.util.List;

/**
 * No host has the image, the manifest or the blob. The message ends with {@code <name>: not found}.
 */
public final class NotFoundException extends RegistryException {
  private static final long serialVersionUID = 1L;

  private final String name;

  /**
   * @param purpose what was tried, beginning with a verb
   * @param name what is missing, as the caller named it
   */
  public NotFoundException(String purpose, String name, List<HostAnswer> answers) {
    super(purpose, answers, name + ": not found", null);
    this.name = name;
  }

  /** What is missing. */
  public String name() {
    return name;
  }

  @Override
  public NotFoundException after(String purpose, List<HostAnswer> allAnswers) {
    return new NotFoundException(purpose, name, allAnswers);
  }

  @Override
  public int weight() {
    return 2;
  }
}
