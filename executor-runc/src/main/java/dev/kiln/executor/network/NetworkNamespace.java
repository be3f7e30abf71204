package dev.kiln.executor.network;

import java.io.IOException;

/** The network of one container, until closed. */
public interface NetworkNamespace extends AutoCloseable {
  /** How the runtime is to attach the container. */
  Attachment attachment();

  @Override
  void close() throws IOException;

  /** How a container gets its network. */
  sealed interface Attachment {
    /** It shares the daemon's network. */
    record Host() implements Attachment {}

    /** The runtime makes a new namespace with nothing but a loopback interface. */
    record Fresh() implements Attachment {}

    /** It joins a namespace that is there already. */
    record Existing(String path) implements Attachment {}
  }

  /** A namespace of which nothing is to be taken down. */
  static NetworkNamespace unowned(Attachment attachment) {
    return new NetworkNamespace() {
      @Override
      public Attachment attachment() {
        return attachment;
      }

      @Override
      public void close() {}
    };
  }
}
