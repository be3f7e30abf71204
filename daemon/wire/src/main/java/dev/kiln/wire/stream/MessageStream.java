package dev.kiln.wire.stream;

import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * One side of an open streaming call, as blocking code on a virtual thread sees it.
 *
 * <p>One thread may send while another receives; concurrent senders are put in some order, and so
 * are concurrent receivers. An interrupted thread gets {@link StatusRuntimeException} with code
 * CANCELLED and stays interrupted.
 *
 * @param <S> messages sent from this side
 * @param <R> messages received by this side
 */
public interface MessageStream<S, R> extends AutoCloseable {

  /**
   * Sends a message; blocks while the transport holds as much as it should.
   *
   * @throws StatusRuntimeException if the call has ended
   */
  void send(S message);

  /**
   * The next message, or null once the other side ended its direction without an error.
   *
   * @throws StatusRuntimeException with the status that the call ended with, if that is not OK
   */
  @Nullable R receive();

  /** Says that nothing more will be sent from this side. */
  void closeSend();

  /** Gives the call up if it has not ended; the other side sees a cancellation. */
  @Override
  void close();
}
