package dev.kiln.executor.runc;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Things to undo, last first. One that fails is logged and does not keep the others from being
 * undone. For one thread at a time.
 */
final class Cleanup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

  private final Deque<Step> steps = new ArrayDeque<>();

  private record Step(String what, Action action) {}

  /** Undoes one thing. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /**
   * Adds a thing to undo.
   *
   * @param what completes "could not ..."
   */
  void add(String what, Action action) {
    steps.push(new Step(what, action));
  }

  @Override
  public void close() {
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      try {
        step.action.run();
      } catch (Exception e) {
        LOG.warn("could not {}: {}", step.what, e.toString());
      }
    }
  }
}
