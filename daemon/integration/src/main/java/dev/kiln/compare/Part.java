package dev.kiln.compare;

import java.util.Locale;

/** What two results of one build can differ in. */
enum Part {
  /** Entries of the image's file system. */
  FS,
  /** The image's configuration. */
  CONFIG,
  /** What the image tells of its making. */
  HISTORY,
  /** How many layers there are, and which paths are in each. */
  LAYERS,
  /** Names of the steps as clients show them. */
  STEPS,
  /** Warnings on the build. */
  WARNINGS,
  /** Whether the build fails, and what the client then shows. */
  ERROR;

  /** The word for it in case files and reports. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds the part of a word.
   *
   * @throws IllegalArgumentException when there is none
   */
  static Part of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
