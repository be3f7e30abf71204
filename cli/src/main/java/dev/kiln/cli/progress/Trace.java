package dev.kiln.cli.progress;

import com.google.protobuf.Timestamp;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.Vertex;
import dev.kiln.wire.control.VertexLog;
import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All steps of a build so far. Not thread-safe. */
final class Trace {
  private final Map<String, Step> byDigest = new LinkedHashMap<>();
  private final Map<String, Map<String, Vertex>> groups = new HashMap<>();
  private final List<Step> shown = new ArrayList<>();
  private final Set<Step> changed = new LinkedHashSet<>();
  private final Supplier<StepLog> logs;
  private @Nullable Instant start;
  private @Nullable Duration ahead;

  /** A trace whose steps keep logs of this kind. */
  Trace(Supplier<StepLog> logs) {
    this.logs = logs;
  }

  /** Takes news that came at this time. */
  void apply(StatusResponse news, Instant now) {
    news.getVertexesList().forEach(vertex -> vertex(vertex, now));
    news.getStatusesList().forEach(status -> status(status, now));
    news.getWarningsList().forEach(warning -> warning(warning, now));
    news.getLogsList().forEach(log -> log(log, now));
  }

  private void vertex(Vertex vertex, Instant now) {
    if (vertex.hasStarted() && ahead == null) {
      start = time(vertex.getStarted());
      ahead = Duration.between(start, now);
    }
    if (vertex.hasProgressGroup()) {
      member(vertex, now);
      return;
    }
    Step step = step(vertex.getDigest());
    boolean first = !step.started();
    boolean news = !vertex.getName().equals(step.name) || vertex.getCached() != step.cached;
    if (first || vertex.hasStarted()) {
      step.name = vertex.getName();
      step.cached = vertex.getCached();
      step.error = vertex.getError();
    }
    if (vertex.hasStarted()) {
      boolean moved = step.intervals.put(time(vertex.getStarted()), end(vertex));
      if (first) {
        shown.add(step);
      }
      if (news || moved || !vertex.getError().isEmpty()) {
        changed(step, now);
      }
    }
  }

  /** Vertices of a group are shown as one, once one that counts has started. */
  private void member(Vertex vertex, Instant now) {
    String id = vertex.getProgressGroup().getId();
    Step group = byDigest.get(id);
    if (group == null) {
      group = step(id);
      group.hidden = true;
      group.name = vertex.getProgressGroup().getName();
    }
    byDigest.put(vertex.getDigest(), group);
    Map<String, Vertex> members = groups.computeIfAbsent(id, key -> new LinkedHashMap<>());
    members.put(vertex.getDigest(), vertex);
    boolean wasHidden = group.hidden;
    boolean news = false;
    group.cached = members.values().stream().allMatch(Vertex::getCached);
    for (Vertex member : members.values()) {
      if (member.hasStarted()) {
        news |= group.intervals.put(time(member.getStarted()), end(member));
        group.hidden &= member.getProgressGroup().getWeak();
      }
      group.error = group.error.isEmpty() ? member.getError() : group.error;
    }
    group.hidden &= group.error.isEmpty();
    if (wasHidden && !group.hidden) {
      shown.add(group);
    }
    if (!group.hidden && (news || wasHidden)) {
      changed(group, now);
    }
  }

  private Step step(String digest) {
    return byDigest.computeIfAbsent(digest, key -> new Step(key, logs.get()));
  }

  private void status(VertexStatus status, Instant now) {
    Step step = byDigest.get(status.getVertex());
    if (step != null && status.hasStarted()) {
      step.statuses.put(status.getID(), status);
      step.newStatuses.add(status.getID());
      changed(step, now);
    }
  }

  private void warning(VertexWarning warning, Instant now) {
    Step step = byDigest.get(warning.getVertex());
    if (step != null) {
      // Not a reason to turn to the step again: the summary at the end has it.
      step.warnings.add(warning);
      step.count(now);
    }
  }

  private void log(VertexLog log, Instant now) {
    Step step = byDigest.get(log.getVertex());
    if (step != null) {
      Duration at =
          step.intervals
              .lastStart()
              .map(from -> Duration.between(from, time(log.getTimestamp())))
              .orElse(Duration.ZERO);
      step.log.add(log.getMsg().toByteArray(), at.isNegative() ? Duration.ZERO : at);
      changed(step, now);
    }
  }

  private void changed(Step step, Instant now) {
    step.count(now);
    changed.add(step);
  }

  /** Steps that have news and are shown; they count as old afterwards. */
  Set<Step> takeChanged() {
    Set<Step> result = new LinkedHashSet<>(changed);
    changed.clear();
    result.removeIf(step -> step.hidden || !step.started());
    return result;
  }

  /** Steps that have started, in that order. */
  List<Step> steps() {
    return shown;
  }

  /** How many steps there are, started or not. */
  int total() {
    return (int) unique().stream().filter(step -> !step.hidden).count();
  }

  /** How many have ended. */
  int completed() {
    return (int) unique().stream().filter(step -> !step.hidden && step.completed()).count();
  }

  private Collection<Step> unique() {
    return new LinkedHashSet<>(byDigest.values());
  }

  /** This machine's time as the daemon's clock has it, so that running steps show true times. */
  Instant daemonTime(Instant now) {
    return ahead == null ? now : now.minus(ahead);
  }

  /** When the first step started, by the daemon's clock. */
  Optional<Instant> start() {
    return Optional.ofNullable(start);
  }

  private static Optional<Instant> end(Vertex vertex) {
    return vertex.hasCompleted() ? Optional.of(time(vertex.getCompleted())) : Optional.empty();
  }

  static Instant time(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
