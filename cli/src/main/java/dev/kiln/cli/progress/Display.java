package dev.kiln.cli.progress;

import dev.kiln.wire.control.StatusResponse;

/** One way of showing a build. Called by one thread. */
public interface Display {
  /** Takes news, and may show them. */
  void update(StatusResponse news);

  /** Shows what was not shown yet; called a few times a second. */
  void refresh();

  /** Shows the rest, and the logs of what failed. */
  void finish();
}
