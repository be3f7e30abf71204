package dev.kiln.bench;

/**
 * One thing that is measured.
 *
 * @param name as shown in the table
 * @param runs how often, for each daemon in turn
 */
record Case(String name, int runs, Measurement measurement) {

  /** Does the work once. */
  @FunctionalInterface
  interface Measurement {
    /**
     * Does the work on a daemon.
     *
     * @param run counts from 0; the run 0 is a rehearsal and does not count
     * @return nanoseconds
     */
    long run(Peer peer, int run) throws Exception;
  }
}
