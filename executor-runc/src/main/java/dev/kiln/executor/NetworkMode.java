package dev.kiln.executor;

/** Which network a container sees. */
public enum NetworkMode {
  /** Whatever the executor was configured with. */
  DEFAULT,
  /** The network of the daemon itself. */
  HOST,
  /** A loopback interface and nothing else. */
  NONE
}
