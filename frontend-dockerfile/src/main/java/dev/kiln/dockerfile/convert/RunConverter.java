package dev.kiln.dockerfile.convert;

import com.google.protobuf.ByteString;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.instruction.RunInstruction;
import dev.kiln.dockerfile.instruction.RunMount;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Exec;
import dev.kiln.dockerfile.llb.ExecMount;
import dev.kiln.dockerfile.llb.FileAction;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Heredoc;
import dev.kiln.dockerfile.parser.HeredocMark;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.ShellLexer;
import dev.kiln.solver.pb.CDIDevice;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.SecurityMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts RUN. */
final class RunConverter {

  private static final String SCRIPT_DIRECTORY = "/dev/pipes/";
  private static final int SCRIPT_MODE = 0755;
  private static final String SECRET_SHOWN = "****";

  private final Conversion conversion;
  private final BuildOptions options;
  private final RunMounts mounts;
  private final ShellLexer nameLexer;

  RunConverter(Conversion conversion) {
    this.conversion = conversion;
    this.options = conversion.options();
    this.mounts = new RunMounts(conversion);
    this.nameLexer = new ShellLexer(conversion.lexer().escapeToken(), true, false, false, true);
  }

  void convert(BuildStage stage, RunInstruction run, List<BuildStage> sources) {
    stage.usePath("/"); // A command may read anything.
    Script script = script(stage, run);
    List<String> args =
        run.command().shellForm() ? Shells.wrap(stage.image, script.words()) : script.words();
    Exec.Builder exec = new Exec.Builder(args);
    if (!script.file().isScratch()) {
      exec.mount(new ExecMount.Bind(SCRIPT_DIRECTORY, script.file(), "/", false));
    }
    mounts.add(stage, run, sources, exec);
    confine(run, exec);
    if (options.shmSizeBytes() > 0) {
      exec.mount(new ExecMount.Tmpfs("/dev/shm", true, options.shmSizeBytes()));
    }
    EnvList env = stage.state.env();
    stage.state = stage.state.run(exec.build(), constraints(stage, run, script.shownSuffix(), env));
    stage.addHistory(
        conversion, "RUN " + createdBy(args, stage.buildArgs, env) + " # buildkit", true);
  }

  /**
   * The words of a command.
   *
   * @param file a file with the script, or the empty file system
   * @param shownSuffix what stands behind the instruction in the vertex's name
   */
  private record Script(List<String> words, State file, String shownSuffix) {}

  private Script script(BuildStage stage, RunInstruction run) {
    List<String> words = run.command().words();
    if (run.heredocs().isEmpty()) {
      return new Script(words, State.scratch(), "");
    }
    if (words.size() != 1 || !run.command().shellForm()) {
      throw new DockerfileException(
          "parsing produced an invalid run command: [" + String.join(" ", words) + "]");
    }
    if (HeredocMark.parse(words.getFirst()).isEmpty()) {
      return new Script(List.of(restored(words.getFirst(), run)), State.scratch(), "");
    }
    Heredoc document = run.heredocs().getFirst();
    String text = document.text();
    String suffix = " (" + StepNames.summary(document.content()) + ")";
    boolean program = text.startsWith("#!") && !stage.image.platform().os().equals("windows");
    return program
        ? new Script(
            List.of(SCRIPT_DIRECTORY + document.name()), file(stage, document.name(), text), suffix)
        : new Script(List.of(text), State.scratch(), suffix);
  }

  /** A command that has here-documents inside goes to the shell as it was written. */
  private static String restored(String command, RunInstruction run) {
    StringBuilder text = new StringBuilder(command);
    for (Heredoc document : run.heredocs()) {
      text.append('\n').append(document.content()).append(document.name());
    }
    return text.toString();
  }

  private State file(BuildStage stage, String name, String text) {
    FileAction script = new FileAction.MkFile(name, SCRIPT_MODE, ByteString.copyFromUtf8(text));
    return State.scratch()
        .file(
            List.of(script),
            Constraints.named("[internal] preparing inline document").on(stage.platform));
  }

  private void confine(RunInstruction run, Exec.Builder exec) {
    switch (run.network()) {
      case DEFAULT -> {}
      case NONE -> exec.network(NetMode.NONE);
      case HOST -> exec.network(NetMode.HOST);
    }
    exec.security(
        switch (run.security()) {
          case SANDBOX -> SecurityMode.SANDBOX;
          case INSECURE -> SecurityMode.INSECURE;
        });
    exec.proxy(conversion.proxy())
        .ulimits(options.ulimits())
        .extraHosts(options.extraHosts())
        .cgroupParent(options.cgroupParent())
        .devices(
            run.devices().stream()
                .map(
                    device ->
                        CDIDevice.newBuilder()
                            .setName(device.name())
                            .setOptional(!device.required())
                            .build())
                .toList());
  }

  private Constraints constraints(
      BuildStage stage, RunInstruction run, String shownSuffix, EnvList env) {
    String prefix =
        StepNames.nextPrefix(stage, options.multiPlatform(), stage.state.platform(), env);
    String shown = StepNames.shown(nameLexer, run.origin().code() + shownSuffix, masked(run, env));
    Constraints constraints =
        Constraints.named(prefix + shown)
            .withDescription("com.docker.dockerfile.v1.command", run.origin().code());
    if (stage.ignoreCache) {
      constraints = constraints.ignoringCache();
    }
    if (options.resources() != null) {
      constraints = constraints.limitedTo(options.resources());
    }
    return conversion.located(constraints, run.location());
  }

  /** Variables with stars for those that will hold secrets. */
  private static EnvList masked(RunInstruction run, EnvList env) {
    Map<String, String> secrets = new LinkedHashMap<>();
    for (RunMount mount : run.mounts()) {
      if (mount.env() != null) {
        secrets.put(mount.env(), SECRET_SHOWN);
      }
    }
    return secrets.isEmpty() ? env : env.withAll(secrets);
  }

  /** The command for the history, with the arguments that it could see. */
  private static String createdBy(List<String> args, List<BuildArg> buildArgs, EnvList env) {
    Map<String, String> seen = new LinkedHashMap<>();
    for (BuildArg arg : buildArgs) {
      String value = env.get(arg.name());
      String declared = arg.defaultValue() == null ? "" : arg.defaultValue();
      seen.put(arg.name(), value == null ? declared : value);
    }
    StringBuilder out = new StringBuilder();
    if (!seen.isEmpty()) {
      out.append('|').append(seen.size()).append(' ');
      seen.forEach((name, value) -> out.append(name).append('=').append(value).append(' '));
    }
    return out.append(String.join(" ", args)).toString();
  }
}
