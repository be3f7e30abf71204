package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.context.BuildContexts;
import dev.kiln.dockerfile.context.GitReference;
import dev.kiln.dockerfile.context.NamedContext;
import dev.kiln.dockerfile.context.SourceTimes;
import dev.kiln.dockerfile.instruction.AddInstruction;
import dev.kiln.dockerfile.instruction.ArgInstruction;
import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.instruction.Instruction;
import dev.kiln.dockerfile.instruction.Stage;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.GitSource;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.dockerfile.llb.State;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.dockerfile.shell.ExpansionException;
import dev.kiln.dockerfile.shell.ShellLexer;
import dev.kiln.solver.pb.SourceOp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the time that a build's results shall carry: a number of seconds, or the time of a source:
 * the main context, a named context, or the one remote file of a stage that holds nothing else.
 */
final class SourceDateEpoch {

  private static final String ARG = "SOURCE_DATE_EPOCH";

  private final BuildContexts contexts;
  private final List<Stage> stages;
  private final ShellLexer lexer;
  private final Map<String, String> buildArgs;

  /**
   * @param buildArgs changed to the resolved time
   */
  SourceDateEpoch(
      BuildContexts contexts, List<Stage> stages, ShellLexer lexer, Map<String, String> buildArgs) {
    this.contexts = contexts;
    this.stages = stages;
    this.lexer = lexer;
    this.buildArgs = buildArgs;
  }

  /** The time, and the arguments with it in place of what it was read from. */
  record Resolved(@Nullable OffsetDateTime time, GlobalArgs globals) {}

  Resolved resolve(GlobalArgs globals) {
    String value = buildArgs.get(ARG);
    if (value == null) {
      String global = globals.env().get(ARG);
      if (global == null || global.isEmpty()) {
        return new Resolved(null, globals);
      }
      value = global;
    }
    OffsetDateTime time = value.isEmpty() ? null : time(value, globals);
    String seconds = time == null ? "" : Long.toString(time.toEpochSecond());
    if (buildArgs.containsKey(ARG)) {
      if (seconds.isEmpty()) {
        buildArgs.remove(ARG);
      } else {
        buildArgs.put(ARG, seconds);
      }
    }
    return new Resolved(time, globals.replacing(ARG, seconds));
  }

  private @Nullable OffsetDateTime time(String value, GlobalArgs globals) {
    if (value.matches("[+-]?[0-9]{1,18}")) {
      return Instant.ofEpochSecond(Long.parseLong(value)).atOffset(ZoneOffset.UTC);
    }
    if (value.equals("context")) {
      return time(contexts.mainSource(), "[internal] resolve main build context metadata");
    }
    Optional<NamedContext> named = contexts.named().find(value, null);
    if (named.isPresent()) {
      State state = named.get().load("default", List::of).state();
      return time(
          Sources.sourceOf(state), "[internal] resolve SOURCE_DATE_EPOCH named context " + value);
    }
    for (Stage stage : stages) {
      if (stage.name().equalsIgnoreCase(value)) {
        return time(
            Sources.sourceOf(stageSource(stage, globals.without(ARG))),
            "[internal] resolve SOURCE_DATE_EPOCH source stage " + stage.name());
      }
    }
    throw new DockerfileException("invalid SOURCE_DATE_EPOCH: " + value);
  }

  private @Nullable OffsetDateTime time(Optional<SourceOp> from, String logName) {
    return from.filter(source -> !source.getIdentifier().startsWith("local://"))
        .map(
            source -> {
              boolean git = source.getIdentifier().startsWith("git://");
              SourceMeta meta =
                  contexts
                      .bridge()
                      .resolveSource(new SourceRequest(source, null, "default", logName, git));
              return SourceTimes.of(contexts.bridge(), source, meta).orElse(null);
            })
        .orElse(null);
  }

  private State stageSource(Stage stage, EnvList globals) {
    try {
      return onlySource(stage, globals);
    } catch (DockerfileException e) {
      throw e.atIfUnknown(stage.from().location());
    } catch (ExpansionException | IllegalArgumentException e) {
      throw new DockerfileException(String.valueOf(e.getMessage()), stage.from().location(), e);
    }
  }

  private State onlySource(Stage stage, EnvList globals) {
    if (!lexer.expand(stage.from().baseName(), globals).text().equals(BuildStage.SCRATCH)) {
      throw new DockerfileException("SOURCE_DATE_EPOCH stage must use FROM scratch");
    }
    EnvList env = globals;
    State source = null;
    for (Instruction instruction : stage.instructions()) {
      switch (instruction) {
        case ArgInstruction arg -> env = declared(arg, env);
        case AddInstruction add -> {
          if (source != null) {
            throw new DockerfileException(
                "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD");
          }
          source = source(add, env);
        }
        default ->
            throw new DockerfileException(
                "SOURCE_DATE_EPOCH stage does not meet source-only requirements: unsupported "
                    + instruction.keyword()
                    + " instruction");
      }
    }
    if (source == null) {
      throw new DockerfileException("SOURCE_DATE_EPOCH stage must contain exactly one remote ADD");
    }
    return source;
  }

  private EnvList declared(ArgInstruction instruction, EnvList env) {
    EnvList result = env;
    for (BuildArg arg : instruction.args()) {
      String given = buildArgs.get(arg.name());
      if (given != null) {
        result = result.with(arg.name(), given);
      } else if (arg.defaultValue() != null) {
        result = result.with(arg.name(), lexer.expand(arg.defaultValue(), result).text());
      }
    }
    return result;
  }

  private State source(AddInstruction add, EnvList env) {
    if (!add.sources().documents().isEmpty() || add.sources().paths().size() != 1) {
      throw new DockerfileException(
          "SOURCE_DATE_EPOCH stage must contain exactly one remote ADD source");
    }
    String address = lexer.expand(add.sources().paths().getFirst(), env).text();
    String checksum = lexer.expand(add.checksum(), env).text();
    if (RemoteSource.isDownload(address)) {
      return Sources.http(address, RemoteSource.filename(address), checksum, Constraints.NONE);
    }
    GitReference git =
        RemoteSource.repository(address)
            .orElseThrow(
                () ->
                    new DockerfileException(
                        "SOURCE_DATE_EPOCH stage source must be a single HTTP(S) or Git ADD"));
    boolean keepGitDir =
        Boolean.TRUE.equals(add.keepGitDir()) || Boolean.TRUE.equals(git.keepGitDir());
    return new GitSource(
            git.remote(),
            git.ref(),
            git.subdirectory(),
            keepGitDir,
            checksum.isEmpty() ? git.checksum() : checksum,
            Boolean.FALSE.equals(git.submodules()),
            "",
            false)
        .state(Constraints.NONE);
  }
}
