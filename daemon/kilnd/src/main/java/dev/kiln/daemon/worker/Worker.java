package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.ref.PruneOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.ref.UsageRecord;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.types.BuildkitVersion;
import dev.kiln.wire.types.CDIDevice;
import dev.kiln.wire.types.GCPolicy;
import dev.kiln.wire.types.WorkerRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What this daemon can run and where it keeps things. There is one worker. Safe for use by many
 * threads.
 */
public final class Worker {
  private final String id;
  private final Map<String, String> labels;
  private final Supplier<List<Platform>> platforms;
  private final Supplier<List<CDIDevice>> devices;
  private final List<GCPolicy> gcPolicy;
  private final RefStore refs;
  private final Runnable pruned;

  /**
   * @param id random, kept with the state
   * @param platforms what can run here, the daemon's own first; asked anew for each listing
   * @param devices what steps may be given; asked anew for each listing
   * @param pruned told after each prune
   */
  public Worker(
      String id,
      Map<String, String> labels,
      Supplier<List<Platform>> platforms,
      Supplier<List<CDIDevice>> devices,
      List<GCPolicy> gcPolicy,
      RefStore refs,
      Runnable pruned) {
    this.id = id;
    this.labels = Map.copyOf(labels);
    this.platforms = platforms;
    this.devices = devices;
    this.gcPolicy = List.copyOf(gcPolicy);
    this.refs = refs;
    this.pruned = pruned;
  }

  public RefStore refs() {
    return refs;
  }

  /** What can run here, the daemon's own platform first. */
  public List<Platform> platforms() {
    return platforms.get();
  }

  /** Whether a listing with these filters shows this worker. */
  public boolean matches(List<String> filters) {
    return WorkerFilter.matches(filters, id, labels);
  }

  /**
   * The worker as clients see it.
   *
   * @param full with policies, version and devices
   */
  public WorkerRecord record(boolean full) {
    WorkerRecord.Builder record =
        WorkerRecord.newBuilder().setID(id).putAllLabels(labels).addAllPlatforms(platforms.get());
    if (full) {
      record.addAllGCPolicy(gcPolicy).setBuildkitVersion(version()).addAllCDIDevices(devices.get());
    }
    return record.build();
  }

  /** The version that clients are told; features are found by capability, not by version. */
  public BuildkitVersion version() {
    return Version.WIRE;
  }

  /** Removes what is unused, by the rules of the options. */
  public void prune(PruneOptions options, Consumer<UsageRecord> removed) throws IOException {
    refs.prune(options, removed);
    pruned.run();
  }
}
