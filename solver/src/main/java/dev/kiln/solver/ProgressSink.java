package dev.kiln.solver;

/**
 * Takes the progress of one build. Calls come one at a time, in the order of events; they must not
 * block for long.
 */
@FunctionalInterface
public interface ProgressSink {
  /** A sink that drops everything. */
  ProgressSink NONE = event -> {};

  /** Takes one event. */
  void accept(ProgressEvent event);
}
