package dev.kiln.cli.command;

import dev.kiln.cli.flag.UsageException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Finds the command that was named. Only that one is set up, since setting up all of them would
 * take most of the time that a short command runs.
 */
public final class Commands {
  private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = commands();
  private static final Set<String> FLAGS_WITH_VALUE = Set.of("--addr", "--builder");

  private Commands() {}

  private static Map<String, Supplier<Callable<Integer>>> commands() {
    Map<String, Supplier<Callable<Integer>>> commands = new LinkedHashMap<>();
    commands.put("build", BuildCommand::new);
    commands.put("du", DuCommand::new);
    commands.put("prune", PruneCommand::new);
    commands.put("workers", WorkersCommand::new);
    commands.put("inspect", WorkersCommand::new);
    commands.put("history", HistoryCommand::new);
    commands.put("daemon", DaemonCommand::new);
    commands.put("binfmt", BinfmtCommand::new);
    commands.put("version", VersionCommand::new);
    return commands;
  }

  /** Runs a command line; returns the exit code. */
  public static int run(List<String> arguments) {
    List<String> rest = new ArrayList<>();
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      boolean value = FLAGS_WITH_VALUE.contains(arguments.get(at)) && at + 1 < arguments.size();
      rest.add(arguments.get(at++));
      if (value) {
        rest.add(arguments.get(at++));
      }
    }
    if (at == arguments.size()) {
      return withoutCommand(rest);
    }
    String name = arguments.get(at);
    rest.addAll(arguments.subList(at + 1, arguments.size()));
    if (name.equals("help")) {
      return help(rest);
    }
    Supplier<Callable<Integer>> command = COMMANDS.get(name.equals("b") ? "build" : name);
    if (command == null) {
      System.err.println("ERROR: unknown command: kiln " + name + nearest(name));
      return 1;
    }
    return execute(command.get(), rest);
  }

  private static int withoutCommand(List<String> flags) {
    if (flags.contains("--version") || flags.contains("-v")) {
      return execute(new VersionCommand(), List.of());
    }
    Overview.print(System.out);
    return flags.isEmpty() || flags.contains("--help") || flags.contains("-h") ? 0 : 1;
  }

  private static int help(List<String> names) {
    Supplier<Callable<Integer>> command = names.isEmpty() ? null : COMMANDS.get(names.getFirst());
    if (command == null) {
      Overview.print(System.out);
      return 0;
    }
    return execute(command.get(), List.of("--help"));
  }

  private static String nearest(String name) {
    return Nearest.of(name, COMMANDS.keySet())
        .map(n -> "; did you mean " + n + "?")
        .orElse("; see kiln --help");
  }

  private static int execute(Callable<Integer> command, List<String> arguments) {
    CommandLine line = new CommandLine(command);
    line.setCommandName("kiln " + line.getCommandName());
    line.getCommandSpec().usageMessage().abbreviateSynopsis(true);
    line.setUsageHelpWidth(100);
    line.setOverwrittenOptionsAllowed(true);
    line.setTrimQuotes(false);
    line.setInterpolateVariables(false);
    line.setExpandAtFiles(false);
    line.setParameterExceptionHandler((e, args) -> usage(e, System.err));
    line.setExecutionExceptionHandler((e, spec, result) -> failed(e, System.err));
    return line.execute(arguments.toArray(String[]::new));
  }

  private static int usage(ParameterException e, PrintStream err) {
    String text = String.valueOf(e.getMessage());
    if (e instanceof UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
      String flag = unmatched.getUnmatched().getFirst();
      String name = flag.split("=", 2)[0];
      text =
          "unknown flag: "
              + name
              + Nearest.of(name, e.getCommandLine().getCommandSpec().optionsMap().keySet())
                  .map(n -> "; did you mean " + n + "?")
                  .orElse("; see --help");
    }
    err.println("ERROR: " + text);
    return 1;
  }

  private static int failed(Exception error, PrintStream err) {
    switch (error) {
      case StatusRuntimeException status ->
          err.println("ERROR: " + status.getStatus().getDescription());
      case UsageException _, IOException _ -> err.println("ERROR: " + error.getMessage());
      default -> {
        err.println("ERROR: something went wrong inside kiln: " + error);
        error.printStackTrace(err);
      }
    }
    return 1;
  }
}
