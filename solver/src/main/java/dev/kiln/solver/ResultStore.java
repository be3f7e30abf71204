package dev.kiln.solver;

/** Keeps results beyond the builds that made them. Safe for use by many threads. */
public interface ResultStore {
  /**
   * Makes a result last and names it. Called before the cache record that points at it is written,
   * so what it writes must reach the disk no later than that record.
   *
   * @return the id under which {@link #load} finds it
   */
  String save(Result result) throws Exception;

  /**
   * Gives a handle on a saved result.
   *
   * @throws NotFoundException if the result is gone
   */
  Result load(String id, OpContext context) throws Exception;

  /** Says whether {@link #load} would find the result. Fast: it is asked for each candidate. */
  boolean exists(String id);

  /** A result that is no longer there. */
  final class NotFoundException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes the exception for one id. */
    public NotFoundException(String id) {
      super("could not load result " + id + ": not found");
    }
  }
}
