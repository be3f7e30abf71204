package dev.kiln.cli.command;

import dev.kiln.cli.progress.Bytes;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.DiskUsageRequest;
import dev.kiln.wire.control.UsageRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kiln du}. */
@Command(name = "du", description = "Show what the daemon's cache takes", sortOptions = false)
public final class DuCommand implements Callable<Integer> {
  @Option(
      names = "--filter",
      paramLabel = "FILTER",
      description = "Only records like this, such as type==source.local")
  private List<String> filters = new ArrayList<>();

  @Option(names = "--verbose", description = "All that is known of each record")
  private boolean verbose;

  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() throws IOException {
    return DaemonCall.with(
        global,
        daemon -> {
          List<UsageRecord> records =
              new ArrayList<>(
                  ControlGrpc.newBlockingStub(daemon.channel())
                      .diskUsage(DiskUsageRequest.newBuilder().addAllFilter(filters).build())
                      .getRecordList());
          records.sort(Comparator.comparingLong(UsageRecord::getSize).reversed());
          if (verbose) {
            records.forEach(record -> details(record, System.out));
          } else {
            table(records, System.out);
          }
          totals(records, System.out);
          return 0;
        });
  }

  private static void table(List<UsageRecord> records, PrintStream out) {
    Table table = new Table("ID", "RECLAIMABLE", "SIZE", "LAST ACCESSED");
    for (UsageRecord record : records) {
      table.row(
          record.getID() + (record.getMutable() ? "*" : ""),
          Boolean.toString(!record.getInUse()),
          Bytes.text(record.getSize()) + (record.getShared() ? "*" : ""),
          record.hasLastUsedAt()
              ? Ages.ago(Ages.instant(record.getLastUsedAt()), Instant.now())
              : "");
    }
    table.print(out);
  }

  private static void details(UsageRecord record, PrintStream out) {
    out.println("ID:           " + record.getID());
    if (record.getParentsCount() > 0) {
      out.println("Parents:      " + String.join(", ", record.getParentsList()));
    }
    out.println("Created at:   " + Ages.instant(record.getCreatedAt()));
    out.println("Mutable:      " + record.getMutable());
    out.println("Reclaimable:  " + !record.getInUse());
    out.println("Shared:       " + record.getShared());
    out.println("Size:         " + Bytes.text(record.getSize()));
    if (!record.getDescription().isEmpty()) {
      out.println("Description:  " + record.getDescription());
    }
    out.println("Usage count:  " + record.getUsageCount());
    if (record.hasLastUsedAt()) {
      out.println("Last used:    " + Ages.ago(Ages.instant(record.getLastUsedAt()), Instant.now()));
    }
    out.println("Type:         " + record.getRecordType());
    out.println();
  }

  private static void totals(List<UsageRecord> records, PrintStream out) {
    long total = records.stream().mapToLong(UsageRecord::getSize).sum();
    long shared =
        records.stream().filter(UsageRecord::getShared).mapToLong(UsageRecord::getSize).sum();
    long free = records.stream().filter(r -> !r.getInUse()).mapToLong(UsageRecord::getSize).sum();
    if (shared > 0) {
      out.println("Shared:       " + Bytes.text(shared));
      out.println("Private:      " + Bytes.text(total - shared));
    }
    out.println("Reclaimable:  " + Bytes.text(free));
    out.println("Total:        " + Bytes.text(total));
  }
}
