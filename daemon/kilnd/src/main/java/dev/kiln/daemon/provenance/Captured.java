package dev.kiln.daemon.provenance;

/** An operation that brings something in from outside the build: a source. */
@FunctionalInterface
public interface Captured {
  /**
   * Tells what was brought in, with the digest that it was pinned to when it was keyed. Adds
   * nothing when it was not keyed yet.
   */
  void capture(Capture into);
}
