package dev.kiln.wire.stream;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages between a call's callbacks and the blocking code that reads them, and the wait for a
 * transport that is ready to send. It holds a bounded number of messages, since it asks for more
 * only as they are taken.
 */
final class Inbox<R> {
  /** Messages that may wait; with 32 KiB chunks of files that is 1 MiB. */
  private static final int LIMIT = 32;

  /** The same for chunks of plain bytes, which stock peers make as large as 3 MiB. */
  private static final int BYTES_LIMIT = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition sendable = lock.newCondition();
  private final Queue<R> messages = new ArrayDeque<>();
  private final IntConsumer request;
  private final int limit;
  private @Nullable Ending end;
  private boolean sendingOver;
  private int taken;

  /** Asks for messages through {@code request}, in batches, once started. */
  Inbox(Marshaller<R> incoming, IntConsumer request) {
    this.limit = incoming instanceof BytesMarshaller ? BYTES_LIMIT : LIMIT;
    this.request = request;
  }

  void start() {
    request.accept(limit);
  }

  void add(R message) {
    lock.lock();
    try {
      messages.add(message);
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends reception: readers get what has arrived, then null or the error. */
  void end(Ending ending) {
    lock.lock();
    try {
      if (end == null || end.isOk()) {
        end = ending;
      }
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the call as a whole, both directions. */
  void over(Ending ending) {
    lock.lock();
    try {
      end(ending);
      sendingOver = true;
      sendable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void ready() {
    lock.lock();
    try {
      sendable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Nullable R take() {
    R message;
    boolean ask;
    lock.lock();
    try {
      while (messages.isEmpty() && end == null) {
        await(arrived);
      }
      message = messages.poll();
      if (message == null) {
        if (end != null && !end.isOk()) {
          throw end.exception();
        }
        return null;
      }
      ask = ++taken == limit / 2;
      taken = ask ? 0 : taken;
    } finally {
      lock.unlock();
    }
    if (ask) {
      request.accept(limit / 2);
    }
    return message;
  }

  /** Blocks until {@code ready} holds; throws the call's end if that comes first. */
  void awaitReady(BooleanSupplier ready) {
    if (ready.getAsBoolean()) {
      return;
    }
    lock.lock();
    try {
      while (!ready.getAsBoolean()) {
        if (sendingOver) {
          throw (end == null ? Ending.OK : end).exception();
        }
        await(sendable);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Throws how the call ended, if it is over and cannot take what is sent now. */
  void checkSendable() {
    lock.lock();
    try {
      if (sendingOver) {
        throw (end == null ? Ending.OK : end).exception();
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // every caller loops on what it waits for
  private void await(Condition condition) {
    try {
      condition.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").withCause(e).asRuntimeException();
    }
  }
}
