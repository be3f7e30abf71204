package dev.kiln.cli.command;

import dev.kiln.cli.daemon.DaemonConnection;
import dev.kiln.cli.progress.Bytes;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.ListWorkersRequest;
import dev.kiln.wire.types.GCPolicy;
import dev.kiln.wire.types.WorkerRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kiln workers}. */
@Command(name = "workers", description = "Show what the daemon can build")
public final class WorkersCommand implements Callable<Integer> {
  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() throws IOException {
    return DaemonCall.with(global, WorkersCommand::show);
  }

  private static int show(DaemonConnection daemon) {
    List<WorkerRecord> workers =
        ControlGrpc.newBlockingStub(daemon.channel())
            .listWorkers(ListWorkersRequest.getDefaultInstance())
            .getRecordList();
    System.out.println("Daemon:     " + daemon.address());
    workers.forEach(worker -> show(worker, System.out));
    return 0;
  }

  private static void show(WorkerRecord worker, PrintStream out) {
    out.println("Worker:     " + worker.getID());
    if (worker.hasBuildkitVersion()) {
      out.println(
          "Version:    "
              + worker.getBuildkitVersion().getVersion()
              + " ("
              + worker.getBuildkitVersion().getPackage()
              + ")");
    }
    out.println(
        "Platforms:  "
            + worker.getPlatformsList().stream()
                .map(WorkersCommand::text)
                .collect(Collectors.joining(", ")));
    out.println("Labels:");
    new TreeMap<>(worker.getLabelsMap())
        .forEach((key, value) -> out.println("  " + key + ": " + value));
    int number = 0;
    for (GCPolicy policy : worker.getGCPolicyList()) {
      out.println("GC policy " + number++ + ":");
      show(policy, out);
    }
  }

  private static void show(GCPolicy policy, PrintStream out) {
    out.println("  all: " + policy.getAll());
    if (policy.getFiltersCount() > 0) {
      out.println("  filters: " + String.join(", ", policy.getFiltersList()));
    }
    if (policy.getKeepDuration() > 0) {
      out.println("  keep duration: " + Duration.ofNanos(policy.getKeepDuration()).toHours() + "h");
    }
    size(out, "reserved space", policy.getReservedSpace());
    size(out, "max used space", policy.getMaxUsedSpace());
    size(out, "min free space", policy.getMinFreeSpace());
  }

  private static void size(PrintStream out, String name, long bytes) {
    if (bytes > 0) {
      out.println("  " + name + ": " + Bytes.text(bytes));
    }
  }

  private static String text(Platform platform) {
    return Stream.of(platform.getOS(), platform.getArchitecture(), platform.getVariant())
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("/"));
  }
}
