package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.Arguments;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Heredoc;
import dev.kiln.dockerfile.parser.Keyword;
import dev.kiln.dockerfile.parser.Node;
import dev.kiln.dockerfile.text.Blank;
import dev.kiln.dockerfile.text.Suggestion;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns one node into a typed instruction. Faults are thrown without a place. */
final class InstructionReader {

  /** Instructions that refuse flags whatever their arguments are. */
  private static final Set<Keyword> REFUSING_FIRST =
      EnumSet.of(Keyword.CMD, Keyword.ENTRYPOINT, Keyword.ENV, Keyword.LABEL, Keyword.SHELL);

  /**
   * Instructions that refuse flags once their arguments are right. ARG and STOPSIGNAL ignore flags.
   */
  private static final Set<Keyword> REFUSING_LAST =
      EnumSet.of(
          Keyword.EXPOSE,
          Keyword.MAINTAINER,
          Keyword.ONBUILD,
          Keyword.USER,
          Keyword.VOLUME,
          Keyword.WORKDIR);

  private static final Pattern ONBUILD_PREFIX = Pattern.compile("(?i)^\\s*ONBUILD\\s*");

  private final Node node;
  private final Origin origin;
  private final LintReporter lint;

  InstructionReader(Node node, LintReporter lint) {
    this.node = node;
    this.origin =
        new Origin(node.keyword(), Blank.trim(node.original()), node.location(), node.comments());
    this.lint = lint.withComments(node.comments());
  }

  Instruction read() {
    Keyword keyword = Keyword.of(node.keyword()).orElseThrow(this::unknownInstruction);
    if (REFUSING_FIRST.contains(keyword)) {
      new FlagSet().read(node.flags());
    }
    Instruction instruction = read(keyword);
    if (REFUSING_LAST.contains(keyword)) {
      new FlagSet().read(node.flags());
    }
    return instruction;
  }

  private Instruction read(Keyword keyword) {
    return switch (keyword) {
      case ADD -> FilesReader.readAdd(node, origin);
      case ARG -> readArg();
      case CMD -> new CmdInstruction(origin, CommandLine.of(node.arguments()));
      case COPY -> FilesReader.readCopy(node, origin);
      case ENTRYPOINT -> new EntrypointInstruction(origin, CommandLine.of(node.arguments()));
      case ENV -> new EnvInstruction(origin, pairs(keyword));
      case EXPOSE -> readExpose();
      case FROM -> FromReader.read(node, origin, lint);
      case HEALTHCHECK -> HealthcheckReader.read(node, origin);
      case LABEL -> new LabelInstruction(origin, pairs(keyword));
      case MAINTAINER -> readMaintainer();
      case ONBUILD -> readOnbuild();
      case RUN -> RunReader.read(node, origin);
      case SHELL -> readShell();
      case STOPSIGNAL -> new StopSignalInstruction(origin, onlyArgument(keyword));
      case USER -> new UserInstruction(origin, onlyArgument(keyword));
      case VOLUME -> readVolume();
      case WORKDIR -> new WorkdirInstruction(origin, onlyArgument(keyword));
    };
  }

  private DockerfileException unknownInstruction() {
    return new DockerfileException(
        Suggestion.append(
            "unknown instruction: " + node.keyword(), node.keyword(), Keyword.names(), false));
  }

  private String onlyArgument(Keyword keyword) {
    List<String> words = node.arguments().flat();
    if (words.size() != 1) {
      throw new DockerfileException(keyword + " requires exactly one argument");
    }
    return words.getFirst();
  }

  private List<String> arguments(Keyword keyword) {
    List<String> words = node.arguments().flat();
    if (words.isEmpty()) {
      throw new DockerfileException(keyword + " requires at least one argument");
    }
    return words;
  }

  private List<KeyValue> pairs(Keyword keyword) {
    if (!(node.arguments() instanceof Arguments.Pairs pairs)) {
      throw new DockerfileException(keyword + " requires at least one argument");
    }
    List<KeyValue> read = new ArrayList<>(pairs.values().size());
    for (Arguments.Pair pair : pairs.values()) {
      if (pair.key().isEmpty()) {
        throw new DockerfileException(keyword + " names can not be blank");
      }
      read.add(new KeyValue(pair.key(), pair.value(), pair.legacy()));
    }
    return read;
  }

  private ArgInstruction readArg() {
    List<BuildArg> args = new ArrayList<>();
    for (String word : arguments(Keyword.ARG)) {
      int equals = word.indexOf('=');
      if (equals == 0) {
        throw new DockerfileException("ARG names can not be blank");
      }
      String name = equals < 0 ? word : word.substring(0, equals);
      String value = equals < 0 ? null : word.substring(equals + 1);
      args.add(new BuildArg(name, value, origin.descriptionOf(name)));
    }
    Descriptions.check("ARG", args.stream().map(BuildArg::name).toList(), origin, lint);
    return new ArgInstruction(origin, args);
  }

  private ExposeInstruction readExpose() {
    List<String> ports = arguments(Keyword.EXPOSE);
    return new ExposeInstruction(origin, ports.stream().sorted().toList());
  }

  private MaintainerInstruction readMaintainer() {
    lint.report(LintFinding.maintainerDeprecated(), node.location());
    String maintainer = onlyArgument(Keyword.MAINTAINER);
    return new MaintainerInstruction(origin, maintainer);
  }

  private OnbuildInstruction readOnbuild() {
    String trigger = arguments(Keyword.ONBUILD).getFirst().toUpperCase(Locale.ROOT);
    return switch (trigger) {
      case "ONBUILD" ->
          throw new DockerfileException("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
      case "MAINTAINER", "FROM" ->
          throw new DockerfileException(trigger + " isn't allowed as an ONBUILD trigger");
      default -> new OnbuildInstruction(origin, triggerText());
    };
  }

  private String triggerText() {
    StringBuilder text =
        new StringBuilder(ONBUILD_PREFIX.matcher(node.original()).replaceFirst(""));
    for (Heredoc heredoc : node.heredocs()) {
      text.append('\n').append(heredoc.content()).append(heredoc.name());
    }
    return text.toString();
  }

  private ShellInstruction readShell() {
    List<String> shell = arguments(Keyword.SHELL);
    if (!node.arguments().isJson()) {
      throw new DockerfileException("SHELL requires the arguments to be in JSON form");
    }
    return new ShellInstruction(origin, shell);
  }

  private VolumeInstruction readVolume() {
    List<String> volumes = arguments(Keyword.VOLUME).stream().map(Blank::trim).toList();
    if (volumes.contains("")) {
      throw new DockerfileException("VOLUME specified can not be an empty string");
    }
    return new VolumeInstruction(origin, volumes);
  }
}
