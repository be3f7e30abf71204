package dev.kiln.dockerfile.instruction;

/** Replaces variables in one word. */
@FunctionalInterface
public interface WordExpander {

  /**
   * Expands the word.
   *
   * @throws dev.kiln.dockerfile.shell.ExpansionException if the word cannot be expanded
   */
  String expand(String word);
}
