package dev.kiln.registry.client;

/**
 * How a repository is opened.
 *
 * @param write whether it is pushed to; then no mirror is asked, and tokens allow writing
 * @param insecure whether any certificate and plain HTTP are accepted, whatever is configured
 */
public record RepositoryOptions(boolean write, boolean insecure) {
  /** For reading. */
  public static final RepositoryOptions PULL = new RepositoryOptions(false, false);

  /** For writing. */
  public static final RepositoryOptions PUSH = new RepositoryOptions(true, false);

  /** The same, or the insecure form. */
  public RepositoryOptions insecure(boolean value) {
    return new RepositoryOptions(write, value);
  }
}
