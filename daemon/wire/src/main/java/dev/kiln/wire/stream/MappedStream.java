package dev.kiln.wire.stream;

import io.grpc.Status;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose messages another stream carries in another form.
 *
 * @param <S> messages sent
 * @param <R> messages received
 * @param <S1> what carries messages sent
 * @param <R1> what carries messages received
 */
public final class MappedStream<S, R, S1, R1> implements MessageStream<S, R> {
  private final MessageStream<S1, R1> carrier;
  private final Mapping<S, S1> outward;
  private final Mapping<R1, R> inward;

  private MappedStream(
      MessageStream<S1, R1> carrier, Mapping<S, S1> outward, Mapping<R1, R> inward) {
    this.carrier = carrier;
    this.outward = outward;
    this.inward = inward;
  }

  /** Turns a message into its other form. */
  @FunctionalInterface
  public interface Mapping<A, B> {
    B map(A message) throws IOException;
  }

  /** The stream over {@code carrier}. */
  public static <S, R, S1, R1> MessageStream<S, R> of(
      MessageStream<S1, R1> carrier, Mapping<S, S1> outward, Mapping<R1, R> inward) {
    return new MappedStream<>(carrier, outward, inward);
  }

  @Override
  public void send(S message) {
    carrier.send(apply(outward, message));
  }

  @Override
  public @Nullable R receive() {
    R1 message = carrier.receive();
    return message == null ? null : apply(inward, message);
  }

  @Override
  public void closeSend() {
    carrier.closeSend();
  }

  @Override
  public void close() {
    carrier.close();
  }

  private static <A, B> B apply(Mapping<A, B> mapping, A message) {
    try {
      return mapping.map(message);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("could not read a message: " + e.getMessage())
          .withCause(e)
          .asRuntimeException();
    }
  }
}
