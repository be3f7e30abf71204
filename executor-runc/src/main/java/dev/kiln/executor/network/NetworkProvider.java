package dev.kiln.executor.network;

import java.io.IOException;

/** Makes networks for containers, one for each. Thread-safe. */
public interface NetworkProvider extends AutoCloseable {
  /**
   * A network for one container; may wait for one to be set up.
   *
   * @param hostname the container's, as asked for; empty when it has no name of its own
   * @throws IOException the network could not be set up
   */
  NetworkNamespace open(String hostname) throws IOException;

  /** Takes down what is kept ready for later containers. */
  @Override
  default void close() throws IOException {}
}
