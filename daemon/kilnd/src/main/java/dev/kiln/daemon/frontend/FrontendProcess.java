package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.container.InputQueue;
import dev.kiln.daemon.gateway.RandomIds;
import dev.kiln.daemon.op.OpServices;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.dockerfile.text.Quoted;
import dev.kiln.executor.CancellationSource;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ExecutorException;
import dev.kiln.executor.MountSource;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.OpMount;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Stdio;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.snapshot.Mount;
import dev.kiln.solver.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The container of a frontend's image, run once. For one thread. */
final class FrontendProcess {
  private static final Logger LOG = LoggerFactory.getLogger(FrontendProcess.class);
  private static final String METADATA_FOLDER = "/run/config/buildkit/metadata";
  private static final String NO_NETWORK_LABEL = "moby.buildkit.frontend.network.none";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");

  private final OpServices services;
  private final Worker worker;
  private final BuildBridge bridge;
  private final BuildBridge.Request request;
  private final FrontendImage image;
  private final ImmutableRef tree;

  FrontendProcess(
      OpServices services,
      Worker worker,
      BuildBridge bridge,
      BuildBridge.Request request,
      FrontendImage image,
      ImmutableRef tree) {
    this.services = services;
    this.worker = worker;
    this.bridge = bridge;
    this.request = request;
    this.image = image;
    this.tree = tree;
  }

  /** Starts to serve what the process asks for. */
  interface Server {
    AutoCloseable start(InputStream fromProcess, OutputStream toProcess);
  }

  /**
   * Runs the frontend to its end.
   *
   * @throws IOException when it cannot be started or ends with an error
   * @throws InterruptedException when the build is cancelled
   */
  void run(Server server) throws IOException, InterruptedException {
    Path metadata = Files.createTempDirectory(services.mountFolder(), "frontend");
    try (MutableRef root =
            services.refs().newMutable(tree, RefOptions.described("frontend " + source()));
        InputQueue fromProcess = new InputQueue();
        InputQueue toProcess = new InputQueue()) {
      Path file = metadata.resolve("frontend.bin");
      Files.write(file, image.definition().toByteArray());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
      AutoCloseable serving = server.start(fromProcess, toProcess.writer());
      try {
        execute(
            spec(root, metadata),
            new Stdio.Streams(toProcess, fromProcess.writer(), new LogLines()));
      } finally {
        serving.close();
        Files.deleteIfExists(file);
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    } finally {
      Files.deleteIfExists(metadata);
    }
  }

  private String source() {
    return request.options().getOrDefault("source", "");
  }

  private void execute(ContainerSpec spec, Stdio io) throws IOException, InterruptedException {
    CancellationSource stop = new CancellationSource();
    try (Cancellation.Registration ignored =
        bridge.build().cancellation().onCancel(() -> stop.cancel(null))) {
      services.executor().run(spec, io, ContainerListener.NONE, stop);
    } catch (ExecutorException e) {
      if (Thread.interrupted() || bridge.build().cancellation().isCancelled()) {
        throw new InterruptedException("context canceled");
      }
      throw new IOException(
          "process "
              + Quoted.quoted(String.join(" ", spec.process().args()))
              + " did not complete successfully: "
              + e.getMessage(),
          e);
    }
  }

  private ContainerSpec spec(MutableRef root, Path metadata) {
    MountSource files =
        readonly -> {
          RefMount mount = root.mount();
          return new MountSource.Mounted(mount.mounts(), mount::close);
        };
    MountSource about =
        MountSource.of(List.of(new Mount("bind", metadata.toString(), List.of("rbind", "ro"))));
    ProcessSpec process =
        new ProcessSpec(image.args(), env(), image.workingDirectory(), "", Set.of());
    return ContainerSpec.builder(RandomIds.next(), files, process)
        .mounts(List.of(new OpMount(METADATA_FOLDER, about, true, "")))
        .network(
            TRUE.contains(image.label(NO_NETWORK_LABEL)) ? NetworkMode.NONE : NetworkMode.DEFAULT)
        .tracingSocket(services.traces().socket())
        .removeMountStubsRecursive(true)
        .build();
  }

  private List<String> env() {
    List<String> env = new ArrayList<>(image.env());
    int number = 0;
    for (Map.Entry<String, String> option : request.options().entrySet()) {
      env.add(
          "BUILDKIT_FRONTEND_OPT_" + number++ + "=" + option.getKey() + "=" + option.getValue());
    }
    env.add("BUILDKIT_SESSION_ID=" + bridge.build().sessionId());
    env.add("BUILDKIT_WORKERS=" + WorkersJson.of(worker.record(true)));
    env.add("BUILDKIT_EXPORTEDPRODUCT=buildkit");
    return services.traces().environment(env, bridge.build().trace().context());
  }

  /** What the frontend writes to its standard error goes to the daemon's log, line by line. */
  private static final class LogLines extends OutputStream {
    private static final int LINE_BYTES = 8 << 10;
    private final java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();

    @Override
    public void write(int b) {
      if (b != '\n') {
        line.write(b);
      }
      if (b == '\n' || line.size() >= LINE_BYTES) {
        LOG.info("a frontend says: {}", line.toString(java.nio.charset.StandardCharsets.UTF_8));
        line.reset();
      }
    }
  }
}
