package dev.kiln.dockerfile.bridge;

/**
 * A result that the daemon holds for the frontend. The frontend only passes it around; the daemon
 * gives it meaning.
 */
public interface FrontendRef {

  /** The empty file system: what an empty definition solves to. */
  FrontendRef EMPTY = new FrontendRef() {};
}
