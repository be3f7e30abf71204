package dev.kiln.executor;

/** How far a container is kept from the machine. */
public enum SecurityMode {
  /** A fixed set of capabilities, seccomp, hidden and read-only kernel files. */
  SANDBOX,
  /** All that the daemon may do itself. */
  INSECURE
}
