package dev.kiln.executor.runc;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.Executor;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.ExitException;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.SetupException;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.network.HostNetwork;
import dev.kiln.executor.network.NetworkNamespace;
import dev.kiln.executor.network.NetworkProvider;
import dev.kiln.executor.network.NoNetwork;
import dev.kiln.executor.oci.HostFacts;
import dev.kiln.executor.oci.SpecInput;
import dev.kiln.executor.oci.SpecWriter;
import dev.kiln.executor.process.ChildProcess;
import dev.kiln.executor.rootfs.NameResolutionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs containers through runc. Each costs one call of the runtime: what the runtime's deletion
 * would do is done here, after the caller has its answer.
 */
public final class RuncExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(RuncExecutor.class);

  private final ExecutorOptions options;
  private final Bundle.Shared shared;
  private final RuncCommand runtime;
  private final Cgroups cgroups;
  private final CgroupMoves moves;
  private final Remover remover;
  private final Standbys standbys;
  private final NetworkProvider hostNetwork = new HostNetwork();
  private final NetworkProvider noNetwork = new NoNetwork();
  private final Map<String, RunningContainer> running = new ConcurrentHashMap<>();

  /**
   * Takes over the root folder and makes it if it is missing.
   *
   * @throws IOException the folder cannot be made, or /proc does not say what it should
   */
  public RuncExecutor(ExecutorOptions options) throws IOException {
    this.options = options;
    Path bundles = options.root().resolve("bundles");
    Path records = options.root().resolve("runtime");
    Files.createDirectories(bundles);
    Files.createDirectories(records);
    Files.setPosixFilePermissions(bundles, PosixFilePermissions.fromString("rwx--x--x"));
    runtime = new RuncCommand(options.runtime(), records);
    List<CgroupMount> mounts = CgroupMount.all();
    cgroups = new Cgroups(mounts);
    moves = new CgroupMoves(mounts);
    remover = new Remover(runtime, cgroups);
    shared =
        new Bundle.Shared(
            options,
            bundles,
            new SpecWriter(HostFacts.read()),
            new NameResolutionFiles(options.root(), options.dns()));
    standbys = new Standbys(runtime, bundles, Standbys.afterKept());
  }

  /**
   * Kills and removes what a former executor left in the root folder. Call before the first run.
   */
  public void cleanUpLeftovers() throws IOException {
    new Leftovers(runtime, shared.bundles()).remove();
  }

  @Override
  public int run(
      ContainerSpec spec, Stdio io, ContainerListener listener, Cancellation cancellation)
      throws ExecutorException {
    moves.expect();
    Optional<Stdio.Streams> plain =
        io instanceof Stdio.Streams streams && streams.input() == null
            ? Optional.of(streams)
            : Optional.empty();
    Optional<Standby> standby = plain.flatMap(streams -> standbys.take());
    try {
      Launch launch =
          standby.isPresent()
              ? new Launch.Ready(standby.get(), plain.orElseThrow())
              : new Launch.Fresh(runtime, spec.id(), io);
      Runnable started = plain.isPresent() ? standbys::prepare : () -> {};
      return run(spec, launch, SpecInput.Terminal.of(io), started, listener, cancellation);
    } finally {
      standby.ifPresent(Standbys::end);
    }
  }

  private int run(
      ContainerSpec wanted,
      Launch launch,
      SpecInput.Terminal terminal,
      Runnable started,
      ContainerListener listener,
      Cancellation cancellation)
      throws ExecutorException {
    ContainerSpec spec = wanted.withId(launch.id());
    NetworkNamespace network = openNetwork(spec);
    boolean succeeded = false;
    try (Bundle bundle = new Bundle(shared, spec, network, terminal, launch.isWaiting())) {
      var container = new RunningContainer(spec.id(), bundle);
      running.put(wanted.id(), container);
      try {
        int code = runIn(bundle, spec, launch, started, listener, cancellation);
        succeeded = true;
        return code;
      } finally {
        running.remove(wanted.id());
        container.ended.countDown();
      }
    } finally {
      remove(spec, network, succeeded);
    }
  }

  private int runIn(
      Bundle bundle,
      ContainerSpec spec,
      Launch launch,
      Runnable started,
      ContainerListener listener,
      Cancellation cancellation)
      throws ExecutorException {
    boolean everyProcess = !options.spec().processSandbox();
    int code =
        new RuntimeCall(() -> runtime.kill(spec.id(), everyProcess))
            .run(
                standard -> {
                  ChildProcess child = launch.start(bundle, standard);
                  started.run();
                  return child;
                },
                launch::connect,
                listener,
                cancellation);
    if (!spec.process().accepts(code)) {
      logRuntime(spec.id(), bundle.folder());
      throw new ExitException(code, cgroups.ranOutOfMemory(bundle.spec().linux().cgroupsPath()));
    }
    return code;
  }

  /** The runtime's own complaints, which tell its failures from those of the process. */
  private static void logRuntime(String id, Path bundle) {
    try {
      Path log = RuncCommand.log(bundle);
      if (LOG.isDebugEnabled() && Files.exists(log)) {
        LOG.debug("the runtime said of container {}: {}", id, Files.readString(log).strip());
      }
    } catch (IOException e) {
      LOG.debug("could not read the runtime's log: {}", e.getMessage());
    }
  }

  private NetworkNamespace openNetwork(ContainerSpec spec) throws SetupException {
    NetworkProvider provider =
        switch (spec.network()) {
          case DEFAULT -> options.defaultNetwork();
          case HOST -> hostNetwork;
          case NONE -> noNetwork;
        };
    try {
      return provider.open(spec.hostname());
    } catch (IOException e) {
      throw new SetupException("could not set up the network: " + e.getMessage(), e);
    }
  }

  /** After a failure nothing may be left; after a success the caller need not wait for that. */
  private void remove(ContainerSpec spec, NetworkNamespace network, boolean later) {
    String parent = spec.cgroupParent().isEmpty() ? options.cgroupParent() : spec.cgroupParent();
    var removal =
        new Remover.Removal(
            spec.id(), Cgroups.path(parent, spec.id()), shared.folder(spec.id()), network);
    if (later) {
      remover.removeLater(removal);
    } else {
      remover.remove(removal);
    }
  }

  @Override
  public int exec(
      String containerId,
      ProcessSpec process,
      Stdio io,
      ContainerListener listener,
      Cancellation cancellation)
      throws ExecutorException {
    RunningContainer container = running.get(containerId);
    if (container == null) {
      throw new SetupException("container " + containerId + " not found");
    }
    var further = new FurtherProcess(runtime, container, process, SpecInput.Terminal.of(io));
    try (further) {
      further.awaitContainer(cancellation);
      int code =
          new RuntimeCall(further::kill)
              .run(further::start, () -> new Forwarding(io), listener, cancellation);
      if (!process.accepts(code)) {
        throw new ExitException(code, false);
      }
      return code;
    }
  }

  @Override
  public void close() {
    standbys.close();
    remover.close();
    runtime.close();
    try {
      options.defaultNetwork().close();
    } catch (IOException e) {
      LOG.warn("could not take down networks: {}", e.getMessage());
    }
  }
}
