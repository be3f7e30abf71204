package dev.kiln.executor;

/** A process that has been started. Safe for use by many threads. */
public interface RunningProcess {
  /**
   * Sends a signal to the process; does nothing once it has ended.
   *
   * @param number as in signal(7), such as 15 for SIGTERM
   */
  void signal(int number);

  /** Tells the terminal its new size; does nothing for a process without a terminal. */
  void resize(int columns, int rows);
}
