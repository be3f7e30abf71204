package dev.kiln.daemon.config;

/** What a command line asks the program to do. */
public sealed interface Launch {
  /** Run the daemon. */
  record Run(KilndConfig config) implements Launch {}

  /** Print a text and end. */
  record Help(String text) implements Launch {}

  /** Print the version and end. */
  record Version() implements Launch {}
}
