package dev.kiln.cli.command;

import dev.kiln.cli.daemon.DaemonAddress;
import dev.kiln.cli.daemon.DaemonConnection;
import dev.kiln.cli.daemon.DaemonLauncher;
import dev.kiln.cli.daemon.RunningDaemon;
import dev.kiln.cli.flag.UsageException;
import dev.kiln.wire.socket.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kiln daemon}. */
@Command(
    name = "daemon",
    description = "Start, stop or look at the daemon in the background",
    subcommands = {
      DaemonCommand.Start.class,
      DaemonCommand.Stop.class,
      DaemonCommand.ShowStatus.class
    })
public final class DaemonCommand implements Callable<Integer> {
  private static final Map<String, String> ENVIRONMENT = System.getenv();

  @Mixin private GlobalFlags global = new GlobalFlags();

  @Override
  public Integer call() {
    return status(global);
  }

  private static Path socket(GlobalFlags global) {
    DaemonAddress where = DaemonAddress.find(global.address(), ENVIRONMENT);
    if (where.address() instanceof Address.Unix(Path path)) {
      return path;
    }
    throw new UsageException(
        "could not manage the daemon at "
            + where.address()
            + ": only one with a Unix socket runs on this machine");
  }

  private static int status(GlobalFlags global) {
    Path socket = socket(global);
    if (!DaemonConnection.answers(socket)) {
      System.out.println("no daemon listens at unix://" + socket);
      return 1;
    }
    Optional<ProcessHandle> process = RunningDaemon.behind(socket);
    System.out.println(
        "a daemon listens at unix://"
            + socket
            + process.map(p -> " (process " + p.pid() + ")").orElse(""));
    return 0;
  }

  /** {@code kiln daemon start}. */
  @Command(name = "start", description = "Start it, unless it runs")
  static final class Start implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Override
    public Integer call() throws IOException {
      Path socket = socket(global);
      if (DaemonConnection.answers(socket)) {
        System.out.println("a daemon listens at unix://" + socket + " already");
        return 0;
      }
      new DaemonLauncher(socket, ENVIRONMENT).start();
      return status(global);
    }
  }

  /** {@code kiln daemon stop}. */
  @Command(name = "stop", description = "Stop it; running builds get some seconds to end")
  static final class Stop implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Override
    public Integer call() throws IOException {
      Path socket = socket(global);
      if (!DaemonConnection.answers(socket)) {
        System.out.println("no daemon listens at unix://" + socket);
        return 0;
      }
      RunningDaemon.stop(socket);
      System.out.println("stopped the daemon at unix://" + socket);
      return 0;
    }
  }

  /** {@code kiln daemon status}. */
  @Command(name = "status", description = "Say whether it runs")
  static final class ShowStatus implements Callable<Integer> {
    @Mixin private GlobalFlags global = new GlobalFlags();

    @Override
    public Integer call() {
      return status(global);
    }
  }
}
