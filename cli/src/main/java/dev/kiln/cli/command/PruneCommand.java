package dev.kiln.cli.command;

import dev.kiln.cli.daemon.DaemonConnection;
import dev.kiln.cli.flag.ByteSize;
import dev.kiln.cli.flag.UsageException;
import dev.kiln.cli.progress.Bytes;
import dev.kiln.cli.progress.Terminal;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.PruneRequest;
import dev.kiln.wire.control.UsageRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kiln prune}. */
@Command(
    name = "prune",
    description = "Remove what the daemon's cache does not need",
    sortOptions = false)
public final class PruneCommand implements Callable<Integer> {
  private static final Pattern AGE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|s|m|h|d)");

  @Option(
      names = {"-a", "--all"},
      description = "Also what belongs to frontends and images")
  private boolean all;

  @Option(
      names = "--filter",
      paramLabel = "FILTER",
      description = "Only records like this, such as type==source.local or until=24h")
  private List<String> filters = new ArrayList<>();

  @Option(
      names = {"--keep-storage", "--reserved-space"},
      paramLabel = "SIZE",
      description = "Leave this much")
  private String keep = "";

  @Option(names = "--max-used-space", paramLabel = "SIZE", description = "Leave no more than this")
  private String most = "";

  @Option(names = "--min-free-space", paramLabel = "SIZE", description = "Until this much is free")
  private String free = "";

  @Option(
      names = {"-f", "--force"},
      description = "Do not ask")
  private boolean force;

  @Option(names = "--verbose", description = "Say more about each record")
  private boolean verbose;

  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() throws IOException {
    PruneRequest request = request();
    if (!force && !confirmed()) {
      return 0;
    }
    return DaemonCall.with(global, daemon -> prune(daemon, request));
  }

  private PruneRequest request() {
    PruneRequest.Builder request = PruneRequest.newBuilder().setAll(all);
    for (String filter : filters) {
      if (filter.startsWith("until=") || filter.startsWith("unused-for=")) {
        request.setKeepDuration(age(filter.substring(filter.indexOf('=') + 1)).toNanos());
      } else {
        request.addFilter(filter);
      }
    }
    return request
        .setReservedSpace(size(keep))
        .setMaxUsedSpace(size(most))
        .setMinFreeSpace(size(free))
        .build();
  }

  private static long size(String text) {
    return text.isEmpty() ? 0 : ByteSize.parse(text);
  }

  private static Duration age(String text) {
    Matcher matcher = AGE.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      double unit =
          switch (matcher.group(2)) {
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            default -> 86_400e9;
          };
      sum = sum.plusNanos((long) (Double.parseDouble(matcher.group(1)) * unit));
      end = matcher.end();
    }
    if (end == 0 || end != text.length()) {
      throw new UsageException("invalid age \"" + text + "\"; write for example 24h");
    }
    return sum;
  }

  private boolean confirmed() throws IOException {
    String what = all ? "all build cache" : "all dangling build cache";
    System.err.print(
        "WARNING! This will remove " + what + ". Are you sure you want to continue? [y/N] ");
    System.err.flush();
    if (!Terminal.isTerminal(0)) {
      System.err.println();
      throw new UsageException("nobody can be asked; use --force");
    }
    String answer =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }

  private int prune(DaemonConnection daemon, PruneRequest request) {
    Iterator<UsageRecord> removed = ControlGrpc.newBlockingStub(daemon.channel()).prune(request);
    Table table = new Table("ID", "RECLAIMABLE", "SIZE", verbose ? "DESCRIPTION" : "");
    long total = 0;
    boolean any = false;
    while (removed.hasNext()) {
      UsageRecord record = removed.next();
      any = true;
      total += record.getSize();
      table.row(
          record.getID() + (record.getMutable() ? "*" : ""),
          "true",
          Bytes.text(record.getSize()),
          verbose ? record.getDescription() : "");
    }
    if (any) {
      table.print(System.out);
    }
    System.out.println("Total:  " + Bytes.text(total));
    return 0;
  }
}
