package dev.kiln.daemon.op;

import dev.kiln.daemon.device.Devices;
import dev.kiln.daemon.trace.ProcessTraces;
import dev.kiln.daemon.worker.TreeHashes;
import dev.kiln.executor.Executor;
import dev.kiln.executor.platform.Emulator;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.pb.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What ops are run with, the same for all.
 *
 * @param hashes content digests of trees that were read lately
 * @param mountFolder where trees are mounted for a moment
 * @param platform what ops without a platform run on
 */
public record OpServices(
    RefStore refs,
    Executor executor,
    CacheMounts cacheMounts,
    TreeHashes hashes,
    Path mountFolder,
    SessionMountFactory sessionMountFactory,
    Emulators emulators,
    Devices devices,
    ProcessTraces traces,
    Platform platform) {

  /** Opens the part of mounts that the client serves. */
  @FunctionalInterface
  public interface SessionMountFactory {
    /**
     * Opens the mounts for one vertex.
     *
     * @param sessions ids of the sessions that serve a vertex now, asked anew for each use
     */
    SessionMounts open(Supplier<List<String>> sessions);
  }

  /** Finds out whether a step needs an emulator in front of its args. */
  @FunctionalInterface
  public interface Emulators {
    /** The emulator of a platform; empty where the kernel runs it, or where there is none. */
    Optional<Emulator> find(Platform platform) throws IOException;
  }

  /** The mounts that clients serve, for one run. */
  public SessionMounts sessionMounts(Supplier<List<String>> sessions) {
    return sessionMountFactory.open(sessions);
  }
}
