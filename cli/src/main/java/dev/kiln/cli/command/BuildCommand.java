package dev.kiln.cli.command;

import dev.kiln.cli.build.BuildFailure;
import dev.kiln.cli.build.BuildFlags;
import dev.kiln.cli.build.BuildPlanner;
import dev.kiln.cli.build.BuildRun;
import dev.kiln.cli.build.FrontendCall;
import dev.kiln.cli.build.ResultFiles;
import dev.kiln.cli.build.SolvePlan;
import dev.kiln.cli.daemon.DaemonConnection;
import dev.kiln.cli.engine.Engines;
import dev.kiln.cli.flag.CallSpec;
import dev.kiln.cli.flag.UsageException;
import dev.kiln.cli.progress.Colors;
import dev.kiln.cli.progress.Displays;
import dev.kiln.cli.progress.ProgressLoop;
import dev.kiln.cli.progress.Terminal;
import dev.kiln.cli.progress.WarningSummary;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kiln build}. */
@Command(
    name = "build",
    description = "Build an image or files from a Dockerfile",
    customSynopsis = "kiln build [FLAGS] CONTEXT",
    sortOptions = false)
public final class BuildCommand implements Callable<Integer> {
  private static final String NO_OUTPUT =
      "WARNING: No output specified with kiln driver. Build result will only remain in the build"
          + " cache. To push result image into registry use --push or to load image into docker use"
          + " --load";

  @Mixin private BuildFlags flags = new BuildFlags();
  @Mixin private GlobalFlags global = new GlobalFlags();

  private final Map<String, String> environment = System.getenv();
  private final PrintStream err = System.err;

  @Override
  public Integer call() throws IOException {
    LogOutput.apply(global.debug());
    String mode = mode();
    // Before a daemon is asked, or even started.
    var _ = flags.context();
    if (!flags.imageIdFile().isEmpty()) {
      Files.deleteIfExists(Path.of(flags.imageIdFile()));
    }
    try (DaemonConnection daemon = DaemonConnection.open(global.address(), environment, err);
        ProgressLoop progress =
            new ProgressLoop(Displays.of(mode, err, environment, daemon.address().toString()))) {
      return build(daemon, progress, mode);
    }
  }

  private String mode() {
    if (!flags.quiet()) {
      return flags.progress();
    }
    if (!java.util.List.of("auto", "quiet").contains(flags.progress())) {
      throw new UsageException(
          "progress=" + flags.progress() + " and quiet cannot be used together");
    }
    return "quiet";
  }

  private int build(DaemonConnection daemon, ProgressLoop progress, String mode)
      throws IOException {
    Optional<CallSpec> question = CallSpec.parse(flags.call());
    BuildPlanner planner =
        new BuildPlanner(flags, environment, System.in, () -> Engines.find(environment), progress);
    try (SolvePlan plan = planner.plan()) {
      BuildRun run = new BuildRun(daemon.channel(), plan, progress);
      Map<String, String> response;
      try (Interrupts ignored = Interrupts.cancelling(run::cancel)) {
        response =
            new HashMap<>(
                question.isPresent()
                    ? new FrontendCall(run, daemon.channel(), plan, question.get()).run()
                    : run.run());
      } catch (StatusRuntimeException | IOException e) {
        finish(progress, mode, plan.hasNoOutput());
        return BuildFailure.report(e, err);
      }
      finish(progress, mode, plan.hasNoOutput());
      return question.isPresent()
          ? FrontendCall.print(question.get(), response, plan, System.out, err)
          : leave(response, run.ref());
    }
  }

  private void finish(ProgressLoop progress, String mode, boolean noOutput) {
    progress.close();
    if (!flags.call().isEmpty()) {
      return;
    }
    if (noOutput) {
      err.println(NO_OUTPUT);
    }
    if (!mode.equals("quiet") && !mode.equals("rawjson")) {
      WarningSummary.print(progress.warnings(), global.debug(), colors(), err);
    }
  }

  private Colors colors() {
    return Terminal.isTerminal(2) ? Colors.of(environment) : Colors.NONE;
  }

  private int leave(Map<String, String> response, String ref) throws IOException {
    response.put("buildx.build.ref", "kiln/kiln0/" + ref);
    if (flags.quiet()) {
      System.out.println(ResultFiles.imageId(response));
    }
    if (!flags.imageIdFile().isEmpty()) {
      Files.writeString(Path.of(flags.imageIdFile()), ResultFiles.imageId(response));
    }
    if (!flags.metadataFile().isEmpty()) {
      ResultFiles.writeMetadata(Path.of(flags.metadataFile()), response);
    }
    String message = response.getOrDefault("frontend.result.inlinemessage", "");
    if (!message.isEmpty()) {
      System.out.println("\n" + message);
    }
    return 0;
  }
}
