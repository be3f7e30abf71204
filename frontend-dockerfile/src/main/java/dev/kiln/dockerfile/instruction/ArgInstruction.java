package dev.kiln.dockerfile.instruction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ARG name[=default] ...} */
public record ArgInstruction(Origin origin, List<BuildArg> args) implements Instruction {

  public ArgInstruction {
    args = List.copyOf(args);
  }

  /**
   * One declared argument.
   *
   * @param defaultValue null when no default is given
   * @param description from a comment {@code # name description} above, or empty
   */
  public record BuildArg(String name, @Nullable String defaultValue, String description) {

    /** The form {@code name=default}, with an empty default where none is given. */
    @Override
    public String toString() {
      return name + "=" + (defaultValue == null ? "" : defaultValue);
    }
  }

  @Override
  public ArgInstruction expand(WordExpander words) {
    return new ArgInstruction(origin, args.stream().map(arg -> expand(arg, words)).toList());
  }

  private static BuildArg expand(BuildArg arg, WordExpander words) {
    String name = words.expand(arg.name());
    String value = arg.defaultValue() == null ? null : words.expand(arg.defaultValue());
    return new BuildArg(name, value, arg.description());
  }
}
