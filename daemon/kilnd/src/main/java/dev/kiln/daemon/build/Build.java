package dev.kiln.daemon.build;

import dev.kiln.daemon.gateway.RandomIds;
import dev.kiln.daemon.progress.ProgressLog;
import dev.kiln.daemon.trace.BuildTrace;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.Job;
import dev.kiln.wire.control.SolveRequest;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One build while it runs: its request, its job in the solver, its progress, and everything that
 * must be released when it ends. Safe for use by many threads.
 */
public final class Build implements AutoCloseable {
  private final SolveRequest request;
  private final Job job;
  private final ProgressLog progress;
  private final Entitlements entitlements;
  private final BuildTrace trace;
  private final Cancellation cancellation = new Cancellation();
  private final Set<BuildRef> kept = new LinkedHashSet<>();
  private final List<Runnable> cleanups = new CopyOnWriteArrayList<>();
  private final String invocation = RandomIds.next();
  private final Instant started = Instant.now();
  private @Nullable Instant finished;

  /** A build that has just begun. */
  public Build(
      SolveRequest request,
      Job job,
      ProgressLog progress,
      Entitlements entitlements,
      BuildTrace trace) {
    this.request = request;
    this.trace = trace;
    this.job = job;
    this.progress = progress;
    this.entitlements = entitlements;
  }

  /** The client's reference of the build. */
  public String ref() {
    return request.getRef();
  }

  /** The request as it came. */
  public SolveRequest request() {
    return request;
  }

  /** The id of the client's session, empty when there is none. */
  public String sessionId() {
    return request.getSession();
  }

  /** The sessions that serve this build. */
  public List<String> sessions() {
    return job.sessions();
  }

  public Job job() {
    return job;
  }

  public ProgressLog progress() {
    return progress;
  }

  /** What the build may do beyond the ordinary. */
  public Entitlements entitlements() {
    return entitlements;
  }

  /** The build's spans. */
  public BuildTrace trace() {
    return trace;
  }

  /** Cancelled when the client no longer wants the build. */
  public Cancellation cancellation() {
    return cancellation;
  }

  /** Names this run of the build, unlike any other. */
  public String invocation() {
    return invocation;
  }

  /** When the build began. */
  public Instant started() {
    return started;
  }

  /** When the build was done: the moment of the first call, the same for all calls. */
  public synchronized Instant finished() {
    Instant at = finished == null ? Instant.now() : finished;
    finished = at;
    return at;
  }

  /** Takes something to do when the build is closed. */
  void onClose(Runnable cleanup) {
    cleanups.add(cleanup);
  }

  /** Takes a ref to be released with the build. */
  void keep(BuildRef ref) {
    synchronized (kept) {
      kept.add(ref);
    }
  }

  /** Takes the refs of a result to be released with the build. */
  void keep(BuildResult result) {
    result.allRefs().forEach(this::keep);
  }

  /** Releases refs and vertices; progress goes on until it is closed by itself. */
  @Override
  public void close() {
    List<BuildRef> refs;
    synchronized (kept) {
      refs = List.copyOf(kept);
      kept.clear();
    }
    cleanups.forEach(Runnable::run);
    cleanups.clear();
    refs.forEach(BuildRef::close);
    job.close();
  }
}
