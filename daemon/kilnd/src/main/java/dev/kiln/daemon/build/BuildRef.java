package dev.kiln.daemon.build;

import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.solver.pb.Definition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A result that a frontend asked for: its definition at first, and what came of it once somebody
 * needs it. Nothing runs before {@link #evaluate}; after it every caller gets the same outcome,
 * except that a cancelled attempt is made again. Safe for use by many threads.
 */
public final class BuildRef implements FrontendRef, AutoCloseable {
  private final Definition definition;
  private final Evaluator evaluator;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Evaluated evaluated;
  private @Nullable RuntimeException failure;
  private boolean closed;

  /** Computes what a definition stands for. */
  @FunctionalInterface
  public interface Evaluator {
    /**
     * Runs what is not cached.
     *
     * @throws InterruptedException when the caller no longer wants the result
     */
    Evaluated evaluate(Definition definition) throws InterruptedException;
  }

  /**
   * @param definition not empty; the empty file system is expressed by having no ref at all
   */
  public BuildRef(Definition definition, Evaluator evaluator) {
    this.definition = definition;
    this.evaluator = evaluator;
  }

  /** What the ref stands for, as LLB. */
  public Definition definition() {
    return definition;
  }

  /**
   * The outcome, computed now if it was not before.
   *
   * @throws RuntimeException why the definition could not be built; the same one for every caller
   * @throws InterruptedException when the calling thread is interrupted
   */
  public Evaluated evaluate() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new IllegalStateException("the result was released before it was asked for");
      }
      if (failure != null) {
        throw failure;
      }
      Evaluated result = evaluated;
      if (result == null) {
        try {
          result = evaluator.evaluate(definition);
        } catch (RuntimeException e) {
          failure = e;
          throw e;
        }
        evaluated = result;
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  /** The outcome if it was computed already. */
  public @Nullable Evaluated evaluatedAlready() {
    lock.lock();
    try {
      return evaluated;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of the outcome. Closing again does nothing. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        if (evaluated != null) {
          evaluated.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
