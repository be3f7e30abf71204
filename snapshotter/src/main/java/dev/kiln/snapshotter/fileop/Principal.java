package dev.kiln.snapshotter.fileop;

/** A user or a group as a file step names it. */
public sealed interface Principal {
  /** By number. */
  record ById(int id) implements Principal {}

  /** By name, to be looked up in some tree. */
  record ByName(String name) implements Principal {}
}
