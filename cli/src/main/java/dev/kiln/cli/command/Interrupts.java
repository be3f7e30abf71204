package dev.kiln.cli.command;

import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;

/** Ctrl-C: once cancels what runs, twice ends the program at once. */
final class Interrupts implements AutoCloseable {
  private static final int EXIT = 130;

  private final Object before;

  private Interrupts(Object before) {
    this.before = before;
  }

  /** Until it is closed, the first interrupt runs this. */
  static Interrupts cancelling(Runnable cancel) {
    AtomicInteger count = new AtomicInteger();
    Runnable handler =
        () -> {
          if (count.incrementAndGet() == 1) {
            Thread.ofVirtual().start(cancel);
          } else {
            Runtime.getRuntime().halt(EXIT);
          }
        };
    Signals.register("TERM", handler);
    return new Interrupts(Signals.register("INT", handler));
  }

  @Override
  public void close() {
    Signals.unregister("INT", before);
  }
}
