package dev.kiln.wire;

/** Sizes that both ends of the protocol agree on. */
public final class Limits {
  /** The largest message that the daemon takes, and that stock clients take from it. */
  public static final int MESSAGE_BYTES = 16 << 20;

  /** The largest set of headers or trailers; error details travel there. */
  public static final int METADATA_BYTES = 16 << 20;

  /**
   * The largest chunk of data sent to a service inside a session. Its server keeps the gRPC
   * library's default of 4 MiB a message.
   */
  public static final int SESSION_CHUNK_BYTES = 3 << 20;

  /** The chunk in which file contents and socket bytes are sent, as stock peers do. */
  public static final int CHUNK_BYTES = 32 << 10;

  /** HTTP/2 flow-control window of streams and connections. */
  public static final int WINDOW_BYTES = 2 << 20;

  private Limits() {}
}
