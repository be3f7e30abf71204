package dev.kiln.daemon.container;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.gateway.RandomIds;
import dev.kiln.daemon.op.ExecMounts;
import dev.kiln.daemon.op.OpServices;
import dev.kiln.daemon.op.SessionMounts;
import dev.kiln.executor.CancellationSource;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.HostAddress;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.SecurityMode;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.platform.Emulator;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.gateway.InitMessage;
import dev.kiln.wire.gateway.NewContainerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A container of a frontend: its mounts, and the processes in it. The first process is the
 * container's own; the others run beside it. Safe for use by many threads.
 */
final class FrontendContainer implements AutoCloseable {
  private final OpServices services;
  private final BuildBridge bridge;
  private final NewContainerRequest request;
  private final ExecMounts mounts;
  private final SessionMounts sessionMounts;
  private final MountRoots roots;
  private final String id = RandomIds.next();
  private final CancellationSource cancellation = new CancellationSource();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<CountDownLatch> processes = new ArrayList<>();
  private boolean closed;
  private volatile boolean killed;

  private FrontendContainer(
      OpServices services,
      BuildBridge bridge,
      NewContainerRequest request,
      ExecMounts mounts,
      SessionMounts sessionMounts) {
    this.services = services;
    this.bridge = bridge;
    this.request = request;
    this.mounts = mounts;
    this.sessionMounts = sessionMounts;
    this.roots = new MountRoots(mounts, request.getMountsCount(), services.mountFolder());
  }

  /**
   * Prepares the mounts; nothing runs yet.
   *
   * @param trees one per mount, null where empty; they stay the caller's
   */
  static FrontendContainer open(
      OpServices services,
      BuildBridge bridge,
      NewContainerRequest request,
      List<@Nullable ImmutableRef> trees)
      throws IOException, InterruptedException {
    SessionMounts sessionMounts = services.sessionMounts(() -> bridge.build().sessions());
    ExecMounts mounts =
        new ExecMounts(
            services.refs(),
            services.cacheMounts(),
            sessionMounts,
            "container " + request.getContainerID());
    List<Mount> wanted = new ArrayList<>();
    for (int i = 0; i < request.getMountsCount(); i++) {
      // Nothing is kept of what a container writes.
      wanted.add(
          request.getMounts(i).toBuilder()
              .setInput(trees.get(i) == null ? -1 : i)
              .setOutput(-1)
              .build());
    }
    try {
      mounts.open(wanted, trees, "/");
      return new FrontendContainer(services, bridge, request, mounts, sessionMounts);
    } catch (IOException | InterruptedException | RuntimeException e) {
      mounts.close();
      throw e;
    }
  }

  /** Runs one process to its end. */
  interface Run {
    /**
     * Runs it.
     *
     * @throws dev.kiln.executor.ExecutorException as of the executor
     * @throws Exception when the process may not be run or its secrets cannot be had
     */
    void run(InitMessage init, Stdio io, ContainerListener listener) throws Exception;
  }

  /**
   * Gives a process its place: the first one is the container's own.
   *
   * @param ended counted down when the process has ended, which {@link #close} waits for
   */
  Run begin(CountDownLatch ended) {
    lock.lock();
    try {
      if (closed) {
        throw ExecStream.status(
            io.grpc.Status.NOT_FOUND,
            "container \"" + request.getContainerID() + "\" previously released or not created");
      }
      boolean first = processes.isEmpty();
      processes.add(ended);
      return first ? this::runFirst : this::runFurther;
    } finally {
      lock.unlock();
    }
  }

  private void runFirst(InitMessage init, Stdio io, ContainerListener listener) throws Exception {
    ContainerSpec spec =
        ContainerSpec.builder(id, mounts.root(), process(init))
            .mounts(withEmulator(mounts.mounts()))
            .hostname(request.getHostname())
            .network(network(request.getNetwork()))
            .security(
                init.getSecurity() == dev.kiln.solver.pb.SecurityMode.INSECURE
                    ? SecurityMode.INSECURE
                    : SecurityMode.SANDBOX)
            .extraHosts(
                request.getExtraHostsList().stream()
                    .map(host -> new HostAddress(host.getHost(), host.getIP()))
                    .toList())
            .tracingSocket(services.traces().socket())
            .removeMountStubsRecursive(init.getMeta().getRemoveMountStubsRecursive())
            .build();
    running(() -> services.executor().run(spec, io, listener, cancellation));
  }

  private Optional<Emulator> emulator() throws IOException {
    return services.emulators().find(platform());
  }

  private Platform platform() {
    return request.hasPlatform() ? request.getPlatform() : services.platform();
  }

  private List<OpMount> withEmulator(List<OpMount> own) throws IOException {
    List<OpMount> all = new ArrayList<>(own);
    emulator().ifPresent(emulator -> all.add(emulator.mount()));
    return all;
  }

  private void runFurther(InitMessage init, Stdio io, ContainerListener listener) throws Exception {
    ProcessSpec process = process(init);
    running(() -> services.executor().exec(id, process, io, listener, cancellation));
  }

  /** Runs a process and remembers when it was killed. */
  private void running(Callable<Integer> process) throws Exception {
    try {
      process.call();
    } catch (CancelledException e) {
      killed = true;
      throw e;
    }
  }

  /** What is to be run, after the build's rights to run it were checked. */
  private ProcessSpec process(InitMessage init) throws Exception {
    if (init.getSecurity() == dev.kiln.solver.pb.SecurityMode.UNRECOGNIZED) {
      throw new SetupException("invalid security mode " + init.getSecurityValue());
    }
    Op op =
        Op.newBuilder()
            .setPlatform(platform())
            .setExec(
                ExecOp.newBuilder()
                    .setMeta(init.getMeta())
                    .setNetwork(request.getNetwork())
                    .setSecurity(init.getSecurity()))
            .build();
    bridge.build().entitlements().check(op, OpMetadata.getDefaultInstance());
    List<String> env =
        services
            .traces()
            .environment(
                ProcessEnvironment.of(init, op.getPlatform(), sessionMounts),
                bridge.build().trace().context());
    String cwd = init.getMeta().getCwd();
    return new ProcessSpec(
        emulator().isPresent()
            ? Emulator.wrap(init.getMeta().getArgsList())
            : init.getMeta().getArgsList(),
        env,
        cwd.isEmpty() ? "/" : cwd,
        init.getMeta().getUser(),
        Set.of());
  }

  private static NetworkMode network(NetMode mode) {
    return switch (mode) {
      case HOST -> NetworkMode.HOST;
      case NONE -> NetworkMode.NONE;
      case UNSET, UNRECOGNIZED -> NetworkMode.DEFAULT;
    };
  }

  /** The root of a mount, mounted for reading until the container is released. */
  Path root(int mount) throws IOException {
    return roots.path(mount);
  }

  /**
   * Does the same as {@link #close} on behalf of the frontend.
   *
   * @throws CancellationException when processes were still running; the container is gone anyway
   */
  void release() {
    close();
    if (killed) {
      throw new CancellationException("context canceled");
    }
  }

  /** Kills what runs, waits for its end and gives the mounts back. */
  @Override
  public void close() {
    List<CountDownLatch> running;
    lock.lock();
    try {
      closed = true;
      running = List.copyOf(processes);
    } finally {
      lock.unlock();
    }
    cancellation.cancel(null);
    boolean interrupted = false;
    for (CountDownLatch ended : running) {
      while (true) {
        try {
          ended.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    roots.close();
    mounts.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
