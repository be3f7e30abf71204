package dev.kiln.cli.build;

import dev.kiln.cli.progress.OwnStep;
import dev.kiln.cli.progress.StatusSink;
import dev.kiln.wire.attach.AttachedAuth;
import dev.kiln.wire.attach.AttachedContent;
import dev.kiln.wire.attach.AttachedFiles;
import dev.kiln.wire.attach.AttachedOutputs;
import dev.kiln.wire.attach.AttachedSecrets;
import dev.kiln.wire.attach.AttachedSsh;
import dev.kiln.wire.attach.ClientSession;
import dev.kiln.wire.attach.DockerConfig;
import dev.kiln.wire.control.CacheOptions;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.control.StatusRequest;
import dev.kiln.wire.control.StatusResponse;
import dev.kiln.wire.transfer.DirectorySource;
import dev.kiln.wire.transfer.TransferProgress;
import dev.kiln.wire.transfer.TreeSender;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One build on a daemon, from the first call to the last output. Used once. */
public final class BuildRun {
  private static final Logger LOG = LoggerFactory.getLogger(BuildRun.class);

  /** How long progress may be silent after the build has ended. */
  private static final long SILENCE_MS = 5_000;

  private final ManagedChannel daemon;
  private final SolvePlan plan;
  private final StatusSink progress;
  private final String ref = ClientSession.newId();
  private final Context.CancellableContext context = Context.current().withCancellation();

  /** A build of this plan that shows its progress there. */
  public BuildRun(ManagedChannel daemon, SolvePlan plan, StatusSink progress) {
    this.daemon = daemon;
    this.plan = plan;
    this.progress = progress;
  }

  /** The build's id. */
  public String ref() {
    return ref;
  }

  /** Cancels the build; {@link #run} then ends with an error. Can be called from any thread. */
  public void cancel() {
    context.cancel(null);
  }

  /**
   * Builds, and returns what the exporters say of the result.
   *
   * @throws StatusRuntimeException with the daemon's error
   * @throws IOException if an output could not be finished on this side
   */
  public Map<String, String> run() throws IOException {
    return run(session -> {});
  }

  /** What is done beside the solve that has no frontend of its own. */
  @FunctionalInterface
  interface Companion {
    void run(String session);
  }

  /** As {@link #run()}, with a companion that plays the frontend. */
  Map<String, String> run(Companion companion) throws IOException {
    try (ClientSession session = ClientSession.open(daemon, plan.sharedKey, services())) {
      AtomicLong lastNews = new AtomicLong(System.nanoTime());
      Thread status = Thread.ofVirtual().name("status").start(() -> follow(lastNews));
      Map<String, String> response;
      try {
        response = solved(session, companion);
      } finally {
        awaitStatus(status, lastNews);
      }
      Map<String, String> result = new HashMap<>(response);
      for (SolvePlan.Afterwards step : plan.afterwards) {
        step.run(result);
      }
      if (plan.preferImageDigest) {
        result.remove("containerimage.config.digest");
      }
      return result;
    } finally {
      context.cancel(null);
    }
  }

  /** An output that broke on this side is the better reason than what the daemon saw of it. */
  private Map<String, String> solved(ClientSession session, Companion companion)
      throws IOException {
    try {
      return solve(session, companion);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != io.grpc.Status.Code.CANCELLED) {
        for (var failure : plan.outputFailures) {
          Optional<IOException> reason = failure.get();
          if (reason.isPresent()) {
            throw reason.get();
          }
        }
      }
      throw e;
    }
  }

  private Map<String, String> solve(ClientSession session, Companion companion) {
    Context before = context.attach();
    try {
      var stub = ControlGrpc.newFutureStub(daemon);
      var answer = stub.solve(request(session.id()));
      companion.run(session.id());
      return answer.get().getExporterResponseMap();
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException status) {
        throw status;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw io.grpc.Status.CANCELLED.withDescription("context canceled").asRuntimeException();
    } finally {
      context.detach(before);
    }
  }

  private SolveRequest request(String session) {
    return SolveRequest.newBuilder()
        .setRef(ref)
        .setSession(session)
        .setFrontend(plan.frontend)
        .putAllFrontendAttrs(plan.attributes)
        .addAllExporters(plan.exporters)
        .setCache(
            CacheOptions.newBuilder()
                .addAllExports(plan.cacheExports)
                .addAllImports(plan.cacheImports))
        .addAllEntitlements(plan.entitlements)
        .setInternal(plan.internal)
        .build();
  }

  private void follow(AtomicLong lastNews) {
    try {
      Iterator<StatusResponse> news =
          ControlGrpc.newBlockingStub(daemon)
              .status(StatusRequest.newBuilder().setRef(ref).build());
      while (news.hasNext()) {
        progress.accept(news.next());
        lastNews.set(System.nanoTime());
      }
    } catch (StatusRuntimeException e) {
      LOG.debug("progress ended early", e);
    }
  }

  private static void awaitStatus(Thread status, AtomicLong lastNews) {
    try {
      while (status.isAlive()) {
        long silentMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNews.get());
        if (silentMs >= SILENCE_MS) {
          return;
        }
        status.join(SILENCE_MS - silentMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ServerServiceDefinition> services() {
    List<ServerServiceDefinition> services = new ArrayList<>();
    Set<String> told = ConcurrentHashMap.newKeySet();
    services.add(
        AttachedAuth.service(
            DockerConfig.ofUser(),
            use -> {
              if (told.add(use)) {
                OwnStep.start(progress, "[auth] " + use).done();
              }
            }));
    services.add(AttachedSecrets.service(plan.secrets));
    services.add(plan.uploads.service());
    services.add(AttachedFiles.service(folders()));
    if (!plan.agents.isEmpty()) {
      services.add(AttachedSsh.service(plan.agents));
    }
    if (!plan.stores.isEmpty()) {
      services.add(AttachedContent.service(plan.stores));
    }
    if (!plan.targets.isEmpty()) {
      services.add(AttachedOutputs.service(plan.targets));
    }
    return services;
  }

  private Map<String, AttachedFiles.Source> folders() {
    Map<String, AttachedFiles.Source> folders = new HashMap<>();
    for (Map.Entry<String, Path> folder : plan.directories.entrySet()) {
      Path path = folder.getValue();
      folders.put(
          folder.getKey(),
          (request, stream) ->
              TreeSender.send(
                  DirectorySource.filtered(
                          path, request.include(), request.exclude(), request.follow())
                      .ownedByRoot(),
                  stream,
                  TransferProgress.NONE));
    }
    return folders;
  }
}
