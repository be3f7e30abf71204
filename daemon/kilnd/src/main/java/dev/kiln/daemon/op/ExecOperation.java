package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.executor.CancelledException;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ExitException;
import dev.kiln.executor.HostAddress;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Resources;
import dev.kiln.executor.SecurityMode;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.Ulimit;
import dev.kiln.executor.platform.Emulator;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.Job;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.LinuxResources;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** Runs a process on trees (llb.md, section 5, Exec). */
final class ExecOperation implements Operation {
  private final ExecOp op;
  private final OpServices services;
  private final OpKeys keys;
  private final String command;

  ExecOperation(ExecOp op, OpServices services, OpKeys keys) {
    this.op = op;
    this.services = services;
    this.keys = keys;
    this.command = String.join(" ", op.getMeta().getArgsList());
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) {
    return keys.cacheMap();
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    List<@Nullable ImmutableRef> trees = new ArrayList<>();
    inputs.forEach(input -> trees.add(RefResult.refOf(input)));
    SessionMounts sessionMounts = services.sessionMounts(context::sessions);
    try (ExecMounts mounts =
            new ExecMounts(services.refs(), services.cacheMounts(), sessionMounts, command);
        StepLog log = new StepLog(context.progress())) {
      mounts.open(op.getMountsList(), trees, op.getMeta().getCwd());
      ContainerSpec spec = spec(mounts, sessionMounts, context);
      run(spec, mounts, log, context);
      return mounts.commit();
    }
  }

  private void run(ContainerSpec spec, ExecMounts mounts, StepLog log, OpContext context)
      throws Exception {
    try (ExecCancellation cancellation = new ExecCancellation(context.cancellation())) {
      Stdio io = new Stdio.Streams(null, log.stdout(), log.stderr());
      services.executor().run(spec, io, ContainerListener.NONE, cancellation.signal());
    } catch (CancelledException e) {
      CancellationException cancelled = new CancellationException("context canceled");
      cancelled.initCause(e);
      throw cancelled;
    } catch (ExitException e) {
      log.failed();
      throw new ProcessFailure(spec.process().args(), e, kept(mounts, context));
    } catch (ExecutorException e) {
      throw new ProcessFailure(spec.process().args(), e, kept(mounts, context));
    }
  }

  private static KeptTrees kept(ExecMounts mounts, OpContext context) throws IOException {
    KeptTrees kept = mounts.keep();
    context.onRelease(kept::release);
    return kept;
  }

  private ContainerSpec spec(ExecMounts mounts, SessionMounts sessionMounts, OpContext context)
      throws Exception {
    Meta meta = op.getMeta();
    List<String> env =
        services
            .traces()
            .environment(
                ExecEnvironment.of(op, sessionMounts),
                context.jobs().stream().map(Job::id).toList(),
                context.vertex().digest());
    Platform platform = context.vertex().op().getPlatform();
    Optional<Emulator> emulator = services.emulators().find(platform);
    List<String> args = emulator.isEmpty() ? meta.getArgsList() : Emulator.wrap(meta.getArgsList());
    ProcessSpec process =
        new ProcessSpec(
            args,
            env,
            meta.getCwd().isEmpty() ? "/" : meta.getCwd(),
            meta.getUser(),
            new HashSet<>(meta.getValidExitCodesList()));
    return ContainerSpec.builder(dev.kiln.daemon.gateway.RandomIds.next(), mounts.root(), process)
        .rootReadonly(mounts.rootReadonly())
        .mounts(withEmulator(mounts.mounts(), emulator))
        .hostname(meta.getHostname())
        .network(network(op))
        .security(security(op))
        .extraHosts(
            meta.getExtraHostsList().stream()
                .map(host -> new HostAddress(host.getHost(), host.getIP()))
                .toList())
        .ulimits(
            meta.getUlimitList().stream()
                .map(limit -> new Ulimit(limit.getName(), limit.getSoft(), limit.getHard()))
                .toList())
        .cgroupParent(meta.getCgroupParent())
        .resources(resources(context.vertex().options().linuxResources()))
        .cdiDevices(services.devices().resolve(op.getCdiDevicesList()))
        .tracingSocket(services.traces().socket())
        .removeMountStubsRecursive(meta.getRemoveMountStubsRecursive())
        .build();
  }

  private static List<OpMount> withEmulator(List<OpMount> mounts, Optional<Emulator> emulator) {
    List<OpMount> all = new ArrayList<>(mounts);
    emulator.ifPresent(e -> all.add(e.mount()));
    return all;
  }

  static NetworkMode network(ExecOp op) {
    return switch (op.getNetwork()) {
      case HOST -> NetworkMode.HOST;
      case NONE -> NetworkMode.NONE;
      case UNSET, UNRECOGNIZED -> NetworkMode.DEFAULT;
    };
  }

  static SecurityMode security(ExecOp op) throws IOException {
    return switch (op.getSecurity()) {
      case SANDBOX -> SecurityMode.SANDBOX;
      case INSECURE -> SecurityMode.INSECURE;
      case UNRECOGNIZED -> throw new IOException("invalid security mode " + op.getSecurityValue());
    };
  }

  private static Resources resources(@Nullable LinuxResources wanted) {
    return wanted == null
        ? Resources.UNLIMITED
        : new Resources(
            wanted.getMemory(),
            wanted.getMemorySwap(),
            wanted.getCpuShares(),
            wanted.getCpuPeriod(),
            wanted.getCpuQuota(),
            wanted.getCpusetCpus(),
            wanted.getCpusetMems());
  }
}
