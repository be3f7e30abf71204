package dev.kiln.cli.progress;

import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.control.VertexWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Feeds a display from one thread, and redraws it while nothing comes. */
public final class ProgressLoop implements StatusSink, AutoCloseable {
  private static final long REFRESH_MS = 150;

  private final Display display;
  private final BlockingQueue<Optional<StatusResponse>> queue = new LinkedBlockingQueue<>();
  private final List<VertexWarning> warnings = new ArrayList<>();
  private final Thread thread;

  /** Starts to show. */
  public ProgressLoop(Display display) {
    this.display = display;
    this.thread = Thread.ofPlatform().name("progress").daemon().start(this::run);
  }

  @Override
  public void accept(StatusResponse news) {
    queue.add(Optional.of(news));
  }

  private void run() {
    try {
      while (true) {
        Optional<StatusResponse> news = queue.poll(REFRESH_MS, TimeUnit.MILLISECONDS);
        if (news == null) {
          display.refresh();
        } else if (news.isEmpty()) {
          display.finish();
          return;
        } else {
          take(news.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(StatusResponse news) {
    display.update(news);
    synchronized (warnings) {
      for (VertexWarning warning : news.getWarningsList()) {
        VertexWarning anywhere = warning.toBuilder().clearVertex().build();
        if (!warnings.contains(anywhere)) {
          warnings.add(anywhere);
        }
      }
    }
  }

  /** What the build warned of, each once. */
  public List<VertexWarning> warnings() {
    synchronized (warnings) {
      return List.copyOf(warnings);
    }
  }

  /** Shows the rest and returns when that is done. */
  @Override
  public void close() {
    queue.add(Optional.empty());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
