package dev.kiln.dockerfile.instruction;

import dev.kiln.dockerfile.parser.Arguments;
import java.util.List;

/**
 * A command in exec form or in shell form.
 *
 * @param words the exec form's words, or the shell form's text as the only word; may be empty
 * @param shellForm true if the shell is to be put in front
 */
public record CommandLine(List<String> words, boolean shellForm) {

  public CommandLine {
    words = List.copyOf(words);
  }

  static CommandLine of(Arguments arguments) {
    return new CommandLine(arguments.flat(), !arguments.isJson());
  }
}
