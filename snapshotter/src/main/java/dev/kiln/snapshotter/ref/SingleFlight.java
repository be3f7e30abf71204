package dev.kiln.snapshotter.ref;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Work that several want at once is done once. It runs on a virtual thread of its own, so that one
 * who gives up does not spoil it for the others; when all have given up it is interrupted.
 */
final class SingleFlight<T> {
  /** The work. */
  interface Work<T> {
    T run() throws IOException;
  }

  private static final class Flight<T> {
    final CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = Thread.currentThread();
    int waiting;
  }

  private final Map<String, Flight<T>> flights = new HashMap<>();

  /**
   * Joins the work under a key, or starts it.
   *
   * @throws InterruptedIOException when the caller is interrupted while waiting
   */
  T run(String key, Work<T> work) throws IOException {
    Flight<T> flight;
    synchronized (flights) {
      flight = flights.get(key);
      if (flight == null) {
        flight = start(key, work);
      }
      flight.waiting++;
    }
    try {
      return flight.result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + key);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException runtime -> throw runtime;
        case null, default -> throw new IOException(e.getCause());
      }
    } finally {
      leave(key, flight);
    }
  }

  private Flight<T> start(String key, Work<T> work) {
    Flight<T> flight = new Flight<>();
    flights.put(key, flight);
    flight.thread =
        Thread.ofVirtual().name("kiln-flight-" + key).unstarted(() -> fly(key, flight, work));
    flight.thread.start();
    return flight;
  }

  private void fly(String key, Flight<T> flight, Work<T> work) {
    T value;
    try {
      value = work.run();
    } catch (IOException | RuntimeException | Error e) {
      remove(key, flight);
      flight.result.completeExceptionally(e);
      return;
    }
    remove(key, flight);
    flight.result.complete(value);
  }

  private void leave(String key, Flight<T> flight) {
    synchronized (flights) {
      flight.waiting--;
      if (flight.waiting == 0 && !flight.result.isDone()) {
        flights.remove(key, flight);
        flight.thread.interrupt();
      }
    }
  }

  private void remove(String key, Flight<T> flight) {
    synchronized (flights) {
      flights.remove(key, flight);
    }
  }
}
