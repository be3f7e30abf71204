package dev.kiln.daemon.gateway;

import dev.kiln.wire.error.ErrorStatus;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Callable;

/**
 * Runs the blocking body of a gRPC call and turns what it throws into a status. While the body
 * runs, a client that goes away interrupts the thread. Safe for use by many threads.
 */
public final class CallRunner {

  /** The body of a call that answers through the observer itself. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /** Runs a unary call: its value is the one answer. */
  public <T> void unary(StreamObserver<T> out, Callable<T> body) {
    streaming(out, () -> out.onNext(body.call()));
  }

  /** Runs a call whose body sends the answers; the stream is completed after it. */
  public void streaming(StreamObserver<?> out, Body body) {
    Thread caller = Thread.currentThread();
    Context context = Context.current();
    Interruption interruption = new Interruption(caller);
    context.addListener(interruption, Runnable::run);
    try {
      body.run();
      interruption.disarm();
      out.onCompleted();
    } catch (Throwable failure) {
      interruption.disarm();
      if (failure instanceof VirtualMachineError error) {
        throw error;
      }
      if (!context.isCancelled()) {
        out.onError(ErrorStatus.of(failure));
      }
    } finally {
      context.removeListener(interruption);
    }
  }

  /** Interrupts the thread of a call once, and never after the call's body ended. */
  private static final class Interruption implements Context.CancellationListener {
    private final Thread thread;
    private boolean armed = true;

    Interruption(Thread thread) {
      this.thread = thread;
    }

    @Override
    public synchronized void cancelled(Context context) {
      if (armed) {
        armed = false;
        thread.interrupt();
      }
    }

    synchronized void disarm() {
      armed = false;
      // The flag may be set by a cancellation that came between the body's end and this call.
      Thread.interrupted();
    }
  }
}
