package dev.kiln.cli.progress;

import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of one vertex, or of a group of vertices that is shown as one. Not thread-safe. */
final class Step {
  private static final String CANCELED = "context canceled";

  final String digest;
  final Intervals intervals = new Intervals();

  /** Parts in the order in which they started. */
  final Map<String, VertexStatus> statuses = new LinkedHashMap<>();

  final List<VertexWarning> warnings = new ArrayList<>();
  final StepLog log;
  String name = "";
  boolean cached;
  String error = "";

  /** Whether it is not shown: a group of which nothing that counts has started. */
  boolean hidden;

  /** What the plain display has not printed yet. */
  final Set<String> newStatuses = new LinkedHashSet<>();

  int printedWarnings;

  /** The plain display's number, from 1 in the order of printing; 0 before. */
  int number;

  /** News since the plain display turned to it last. */
  int news;

  @Nullable Instant waitingSince;

  /** How often the terminal showed its window. */
  int windowsShown;

  Step(String digest, StepLog log) {
    this.digest = digest;
    this.log = log;
  }

  boolean started() {
    return intervals.started();
  }

  boolean completed() {
    return intervals.completed();
  }

  boolean running() {
    return started() && !completed();
  }

  boolean canceled() {
    return error.endsWith(CANCELED);
  }

  boolean failed() {
    return !error.isEmpty() && !canceled();
  }

  /** Counts news, which decide what the plain display turns to. */
  void count(Instant now) {
    if (news == 0) {
      waitingSince = now;
    }
    news++;
  }
}
