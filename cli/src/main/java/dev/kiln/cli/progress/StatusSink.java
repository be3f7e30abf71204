package dev.kiln.cli.progress;

import dev.kiln.wire.control.StatusResponse;

/** Takes news of a build, from the daemon or from this client. Thread-safe. */
@FunctionalInterface
public interface StatusSink {
  /** Takes news; order matters. */
  void accept(StatusResponse news);
}
