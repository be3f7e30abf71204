package dev.kiln.cli.progress;

import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.VertexStatus;
import dev.kiln.wire.control.VertexWarning;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines that only ever follow each other, each with the number of its step. One step is current,
 * and its lines come as they are known; it gives way when it ends, or when others had to wait long.
 */
final class PlainDisplay implements Display {
  private static final int KEPT_LINES = 10;
  private static final Duration MIN_INTERVAL = Duration.ofMillis(100);

  /** A step with news waits no longer than this for its turn. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(10);

  /** A step keeps its turn at least this long. */
  private static final double MIN_TURN_S = 5;

  private static final double MIN_PROGRESS = 0.05;
  private static final Duration MIN_STATUS_INTERVAL = Duration.ofSeconds(5);

  private final PrintStream out;
  private final InstantSource clock;
  private final String title;
  private final Trace trace = new Trace(() -> new StepLog(KEPT_LINES, null));
  private final Map<String, VertexStatus> printedStatuses = new HashMap<>();
  private final Set<Step> waiting = new LinkedHashSet<>();
  private @Nullable Step current;
  private Instant lastPrint = Instant.MIN;
  private boolean begun;
  private int numbers;

  PlainDisplay(PrintStream out, InstantSource clock, String title) {
    this.out = out;
    this.clock = clock;
    this.title = title;
  }

  @Override
  public void update(StatusResponse news) {
    Instant now = clock.instant();
    trace.apply(news, now);
    if (lastPrint.equals(Instant.MIN)
        || Duration.between(lastPrint, now).compareTo(MIN_INTERVAL) >= 0) {
      refresh();
    }
  }

  @Override
  public void refresh() {
    lastPrint = clock.instant();
    waiting.addAll(trace.takeChanged());
    Step was = current;
    List<Step> done =
        waiting.stream()
            .filter(Step::completed)
            .sorted(
                Comparator.comparing((Step step) -> step != was)
                    .thenComparing(step -> step.intervals.end().orElse(Instant.MAX)))
            .toList();
    done.forEach(this::show);
    boolean ended = was == null || done.contains(was);
    if (waiting.isEmpty()) {
      if (current == null || !current.running()) {
        trace.steps().stream().filter(Step::running).findFirst().ifPresent(this::show);
      }
      return;
    }
    turn(ended ? null : was);
  }

  /** Chooses among steps that run. */
  private void turn(@Nullable Step was) {
    Map<Step, Double> speeds = new HashMap<>();
    waiting.forEach(step -> speeds.put(step, speed(step)));
    if (was != null) {
      speeds.put(was, speed(was));
      if (waiting.contains(was)) {
        show(was);
      }
    }
    Optional<Step> overdue =
        waiting.stream()
            .filter(step -> step != was && wait(step).compareTo(MAX_WAIT) > 0)
            .findFirst();
    Step busiest =
        speeds.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    if (was == null) {
      show(overdue.orElse(busiest));
    } else if (overdue.isPresent()) {
      show(overdue.get());
    } else if (busiest != was && turnIsOver(was, speeds)) {
      show(busiest);
    }
  }

  private boolean turnIsOver(Step was, Map<Step, Double> speeds) {
    double sum = speeds.values().stream().mapToDouble(Double::doubleValue).sum();
    double share = sum == 0 ? 0 : speeds.getOrDefault(was, 0.0) / sum;
    return share < 1 && MIN_TURN_S / (1 - share) < wait(was).toNanos() / 1e9;
  }

  private Duration wait(Step step) {
    Instant since = step.waitingSince;
    return since == null ? Duration.ZERO : Duration.between(since, clock.instant());
  }

  private double speed(Step step) {
    return step.news / Math.max(1e-3, wait(step).toNanos() / 1e9);
  }

  private void show(Step step) {
    waiting.remove(step);
    if (step.number == 0) {
      step.number = ++numbers;
    }
    if (current != step) {
      switchTo(step);
    }
    boolean open = statuses(step);
    for (VertexWarning warning :
        step.warnings.subList(step.printedWarnings, step.warnings.size())) {
      line(step, "WARN: " + warning.getShort().toStringUtf8());
    }
    step.printedWarnings = step.warnings.size();
    boolean over = step.completed() && !open;
    if (over) {
      step.log.flush();
    }
    step.log.takeNew().forEach(text -> line(step, text));
    current = step;
    if (over) {
      current = null;
      step.news = 0;
      line(step, ending(step));
    }
  }

  private void switchTo(Step step) {
    if (current != null) {
      current.news = 0;
      line(current, "...");
    }
    if (begun) {
      out.println();
    } else if (!title.isEmpty()) {
      out.println("#0 " + title);
      out.println();
    }
    begun = true;
    line(step, step.name);
  }

  /** Returns whether a part is still under way. */
  private boolean statuses(Step step) {
    boolean open = false;
    for (String id : step.newStatuses) {
      VertexStatus status = step.statuses.get(id);
      if (status != null && worthALine(step, status)) {
        printedStatuses.put(step.digest + id, status);
        open |= !status.hasCompleted();
        String size = Bytes.of(status);
        line(step, id + (size.isEmpty() ? "" : " " + size) + time(status));
      }
    }
    step.newStatuses.clear();
    return open;
  }

  private boolean worthALine(Step step, VertexStatus status) {
    VertexStatus last = printedStatuses.get(step.digest + status.getID());
    if (last == null || status.hasCompleted()) {
      return true;
    }
    double progress =
        status.getTotal() == 0
            ? 0
            : (status.getCurrent() - last.getCurrent()) / (double) status.getTotal();
    Duration since =
        Duration.between(Trace.time(last.getTimestamp()), Trace.time(status.getTimestamp()));
    return progress >= MIN_PROGRESS || since.compareTo(MIN_STATUS_INTERVAL) >= 0;
  }

  private static String time(VertexStatus status) {
    Instant end = Trace.time(status.hasCompleted() ? status.getCompleted() : status.getTimestamp());
    double seconds = Duration.between(Trace.time(status.getStarted()), end).toNanos() / 1e9;
    String text = seconds > 0.01 ? String.format(Locale.ROOT, " %.1fs", seconds) : "";
    return status.hasCompleted() ? text + " done" : text;
  }

  private String ending(Step step) {
    if (!step.error.isEmpty()) {
      return step.canceled() ? "CANCELED" : "ERROR: " + step.error;
    }
    if (step.cached) {
      return "CACHED";
    }
    double seconds = step.intervals.total(trace.daemonTime(clock.instant())).toNanos() / 1e9;
    return String.format(Locale.ROOT, "DONE %.1fs", seconds);
  }

  private void line(Step step, String text) {
    out.println("#" + step.number + " " + text);
  }

  @Override
  public void finish() {
    refresh();
    FailedLogs.print(trace, out);
    out.flush();
  }
}
