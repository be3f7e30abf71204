package dev.kiln.cli.command;

/** What this program calls itself. */
final class Versions {
  /** Kiln's own version. */
  static final String KILN = "0.1.0";

  private Versions() {}
}
