package dev.kiln.daemon;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Knows since when no call has been open. Builds and sessions are calls, so a daemon without any
 * has nothing to do. Thread-safe.
 */
public final class IdleWatch implements ServerInterceptor {
  private static final long MAX_SLEEP_MS = 1_000;

  private final InstantSource clock;
  private int open;
  private Instant idleSince;

  /** A watch that begins idle. */
  IdleWatch(InstantSource clock) {
    this.clock = clock;
    this.idleSince = clock.instant();
  }

  /** How long no call has been open; zero while one is. */
  synchronized Duration idle() {
    return open > 0 ? Duration.ZERO : Duration.between(idleSince, clock.instant());
  }

  /** Blocks until no call was open for this long. */
  void await(Duration timeout) throws InterruptedException {
    Duration left = timeout.minus(idle());
    while (left.isPositive()) {
      TimeUnit.MILLISECONDS.sleep(Math.clamp(left.toMillis(), 1, MAX_SLEEP_MS));
      left = timeout.minus(idle());
    }
  }

  synchronized void opened() {
    open++;
  }

  synchronized void closed() {
    open--;
    idleSince = clock.instant();
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    opened();
    AtomicBoolean counted = new AtomicBoolean(true);
    Runnable end =
        () -> {
          if (counted.getAndSet(false)) {
            closed();
          }
        };
    ServerCall.Listener<Q> listener;
    try {
      listener = next.startCall(call, headers);
    } catch (RuntimeException e) {
      end.run();
      throw e;
    }
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onCancel() {
        end.run();
        super.onCancel();
      }

      @Override
      public void onComplete() {
        end.run();
        super.onComplete();
      }
    };
  }
}
