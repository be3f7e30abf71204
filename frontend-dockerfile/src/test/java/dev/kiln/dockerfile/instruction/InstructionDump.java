package dev.kiln.dockerfile.instruction;

import static dev.kiln.dockerfile.text.Quoted.quoted;

import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.DockerfileParser;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Shows typed instructions as text: one line each, with every component that is not empty. */
final class InstructionDump {

  private final StringBuilder out = new StringBuilder();

  private InstructionDump() {}

  /** The instructions, mounts of RUN read with variables left as they are. */
  static String of(String text) {
    InstructionDump dump = new InstructionDump();
    try {
      Dockerfile dockerfile =
          DockerfileReader.read(DockerfileParser.parse(text), LintReporter.silent());
      dockerfile.metaArgs().forEach(arg -> dump.add("global ", arg));
      for (Stage stage : dockerfile.stages()) {
        dump.add("", stage.from());
        stage.instructions().forEach(instruction -> dump.add("  ", instruction.expand(w -> w)));
      }
    } catch (DockerfileException e) {
      return error(e);
    }
    return dump.out.toString();
  }

  /** The message and the lines of what is wrong with the text. */
  static String errorOf(String text) {
    try {
      DockerfileReader.read(DockerfileParser.parse(text), LintReporter.silent())
          .stages()
          .forEach(stage -> stage.instructions().forEach(one -> one.expand(word -> word)));
      return "no error\n";
    } catch (DockerfileException e) {
      return error(e);
    }
  }

  private static String error(DockerfileException e) {
    String places =
        e.locations().stream()
            .map(place -> place.startLine() + "-" + place.endLine())
            .collect(Collectors.joining(", "));
    return e.getMessage() + "\nlines: " + places + "\n";
  }

  private void add(String indent, Instruction instruction) {
    String name = instruction.getClass().getSimpleName().replace("Instruction", "");
    out.append(indent).append(name).append(components((Record) instruction)).append('\n');
  }

  private static String show(Object value) {
    return switch (value) {
      case String text -> quoted(text);
      case List<?> list ->
          list.stream().map(InstructionDump::show).collect(Collectors.joining(", ", "[", "]"));
      case Record part -> "{" + components(part).strip() + "}";
      default -> value.toString();
    };
  }

  private static String components(Record value) {
    return Stream.of(value.getClass().getRecordComponents())
        .filter(component -> !component.getType().equals(Origin.class))
        .map(component -> component(value, component))
        .filter(Objects::nonNull)
        .map(text -> " " + text)
        .collect(Collectors.joining());
  }

  private static String component(Record value, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      Object content = accessor.invoke(value);
      boolean empty =
          content == null
              || content.equals("")
              || content.equals(List.of())
              || (content.equals(false) && component.getType().equals(boolean.class))
              || content.toString().equals("0")
              || content.toString().equals("PT0S");
      return empty ? null : component.getName() + "=" + show(content);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
