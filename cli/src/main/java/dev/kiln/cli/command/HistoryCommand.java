package dev.kiln.cli.command;

import dev.kiln.cli.daemon.DaemonConnection;
import dev.kiln.wire.control.BuildHistoryEvent;
import dev.kiln.wire.control.BuildHistoryRecord;
import dev.kiln.wire.control.BuildHistoryRequest;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.UpdateBuildHistoryRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kiln history}. */
@Command(
    name = "history",
    description = "Show builds of the past",
    subcommands = {HistoryCommand.Ls.class, HistoryCommand.Rm.class})
public final class HistoryCommand implements Callable<Integer> {
  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() throws IOException {
    return DaemonCall.with(global, HistoryCommand::list);
  }

  private static int list(DaemonConnection daemon) {
    Iterator<BuildHistoryEvent> events =
        ControlGrpc.newBlockingStub(daemon.channel())
            .listenBuildHistory(BuildHistoryRequest.newBuilder().setEarlyExit(true).build());
    Map<String, BuildHistoryRecord> records = new LinkedHashMap<>();
    while (events.hasNext()) {
      BuildHistoryRecord record = events.next().getRecord();
      records.put(record.getRef(), record);
    }
    List<BuildHistoryRecord> newestFirst = new ArrayList<>(records.values());
    newestFirst.sort(
        Comparator.comparing((BuildHistoryRecord r) -> Ages.instant(r.getCreatedAt())).reversed());
    Table table = new Table("BUILD ID", "NAME", "STATUS", "STEPS", "CREATED AT", "DURATION");
    Instant now = Instant.now();
    newestFirst.forEach(record -> row(table, record, now));
    table.print(System.out);
    return 0;
  }

  private static void row(Table table, BuildHistoryRecord record, Instant now) {
    Instant created = Ages.instant(record.getCreatedAt());
    Instant end = record.hasCompletedAt() ? Ages.instant(record.getCompletedAt()) : now;
    table.row(
        record.getRef(),
        name(record.getFrontendAttrsMap()),
        status(record),
        record.getNumCompletedSteps() + "/" + record.getNumTotalSteps(),
        Ages.ago(created, now),
        Ages.length(Duration.between(created, end)));
  }

  /** What the frontend was given says best which build it was. */
  private static String name(Map<String, String> attributes) {
    String source = attributes.getOrDefault("vcs:source", "");
    String context = attributes.getOrDefault("context", source);
    String target = attributes.getOrDefault("target", "");
    String file = attributes.getOrDefault("filename", "Dockerfile");
    return (context.isEmpty() ? file : context) + (target.isEmpty() ? "" : " (" + target + ")");
  }

  private static String status(BuildHistoryRecord record) {
    if (!record.hasCompletedAt()) {
      return "Running";
    }
    if (!record.hasError()) {
      return "Completed";
    }
    return record.getError().getCode() == 1 ? "Canceled" : "Error";
  }

  /** {@code kiln history ls}. */
  @Command(name = "ls", description = "List builds, newest first")
  static final class Ls implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Override
    public Integer call() throws IOException {
      return DaemonCall.with(global, HistoryCommand::list);
    }
  }

  /** {@code kiln history rm}. */
  @Command(name = "rm", description = "Forget builds")
  static final class Rm implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Parameters(arity = "1..*", paramLabel = "BUILD", description = "Ids of builds")
    private List<String> refs = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
      return DaemonCall.with(
          global,
          daemon -> {
            for (String ref : refs) {
              var _ =
                  ControlGrpc.newBlockingStub(daemon.channel())
                      .updateBuildHistory(
                          UpdateBuildHistoryRequest.newBuilder()
                              .setRef(ref.substring(ref.lastIndexOf('/') + 1))
                              .setDelete(true)
                              .build());
            }
            return 0;
          });
    }
  }
}
