package dev.kiln.cli.engine;

import dev.kiln.cli.progress.OwnStep;
import dev.kiln.cli.progress.StatusSink;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Loads the output of one build into an engine, and shows that as a step. Thread-safe. */
public final class EngineLoad {
  private static final long ANSWER_S = 2;

  private final DockerEngine engine;
  private final StatusSink progress;
  private DockerEngine.@Nullable Loading loading;
  private CompletableFuture<@Nullable Void> ended = CompletableFuture.completedFuture(null);

  /** A load that starts with {@link #open}. */
  public EngineLoad(DockerEngine engine, StatusSink progress) {
    this.engine = engine;
    this.progress = progress;
  }

  /** Where the archive goes. */
  public synchronized OutputStream open() throws IOException {
    DockerEngine.Loading started = engine.load();
    CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    loading = started;
    ended = result;
    Thread.ofVirtual().name("engine").start(() -> follow(started, result));
    return started.archive();
  }

  private void follow(DockerEngine.Loading started, CompletableFuture<@Nullable Void> result) {
    OwnStep step = OwnStep.start(progress, "importing to docker");
    Map<String, Part> parts = new HashMap<>();
    try {
      started.await((name, current, total) -> part(step, parts, name, current, total));
      parts.forEach(
          (name, part) -> {
            if (!part.done()) {
              step.status(name, part.started(), part.total(), part.total(), true);
            }
          });
      step.done();
      result.complete(null);
    } catch (IOException | RuntimeException e) {
      step.failed(String.valueOf(e.getMessage()));
      result.completeExceptionally(e);
    }
  }

  /** The engine speaks of a part again after it was complete; that is not shown. */
  private static void part(
      OwnStep step, Map<String, Part> parts, String name, long current, long total) {
    Part before = parts.get(name);
    if (before != null && before.done()) {
      return;
    }
    Instant began = before == null ? Instant.now() : before.started();
    Part part = new Part(began, total, total != 0 && current >= total);
    parts.put(name, part);
    step.status(name, part.started(), current, total, part.done());
  }

  private record Part(Instant started, long total, boolean done) {}

  /**
   * What the engine said against the image, if it did: the reason why the daemon could not go on
   * sending. Waits a moment for the engine's answer.
   */
  public Optional<IOException> failure() {
    CompletableFuture<@Nullable Void> result;
    synchronized (this) {
      result = ended;
    }
    try {
      result.get(ANSWER_S, TimeUnit.SECONDS);
      return Optional.empty();
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(loadFailed(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static IOException loadFailed(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IOException(
        "could not load the image into the Docker engine: " + cause.getMessage(), cause);
  }

  /** Waits until the engine has the image. */
  public void finish() throws IOException {
    CompletableFuture<@Nullable Void> result;
    synchronized (this) {
      result = ended;
    }
    try {
      result.get();
    } catch (ExecutionException e) {
      throw loadFailed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("could not load the image into the Docker engine: interrupted", e);
    }
  }

  /** Gives up if the engine does not have the image yet. */
  public void abort() {
    DockerEngine.Loading started;
    synchronized (this) {
      started = ended.isDone() ? null : loading;
    }
    if (started != null) {
      started.abort();
    }
  }
}
