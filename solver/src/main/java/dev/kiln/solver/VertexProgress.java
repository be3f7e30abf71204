package dev.kiln.solver;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where the progress of one vertex is reported. Safe for use by many threads. */
public interface VertexProgress {
  /** The digest under which this progress is shown. */
  String vertex();

  /**
   * Reports the state of one item, for example a download.
   *
   * @param id tells items of the vertex apart; report again under the same id to update
   * @param name short name of the kind of work, may be empty
   * @param current how far, in the item's own unit (bytes mostly)
   * @param total how far it will go; 0 when not known
   * @param started when it began; null before that
   * @param completed when it ended; null before that
   */
  void status(
      String id,
      String name,
      long current,
      long total,
      @Nullable Instant started,
      @Nullable Instant completed);

  /**
   * Adds output.
   *
   * @param stream 1 for standard output, 2 for standard error
   * @param bytes as they were read, not split in lines; the array is not changed afterwards
   */
  void log(int stream, byte[] bytes);

  /** Adds a warning; its vertex is replaced by the one of this progress. */
  void warning(ProgressEvent.Warning warning);

  /** Runs work as an item without size: reports its start, and its end whatever happens. */
  default <T> T oneOff(String id, Work<T> work) throws Exception {
    Instant started = Instant.now();
    status(id, "", 0, 0, started, null);
    try {
      return work.run();
    } finally {
      status(id, "", 0, 0, started, Instant.now());
    }
  }

  /** Work that gives a value. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T run() throws Exception;
  }
}
