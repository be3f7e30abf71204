package dev.kiln.wire.tunnel;

/**
 * The byte stream that a {@link PipeChannel} runs over. Called on the channel's event loop, except
 * {@link #request} and {@link #close}, which any thread may call; none may block.
 */
interface Carrier {
  /** Whether another chunk may be written now; when it turns true the channel is told. */
  boolean isReady();

  /** Takes a chunk of at least one byte; ignored once closed. */
  void write(byte[] chunk);

  /** Allows so many more chunks to be delivered to the channel. */
  void request(int chunks);

  /** Ends this side; called at least once. */
  void close();
}
