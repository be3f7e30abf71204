package dev.kiln.dockerfile.instruction;

import java.util.Locale;

/** What {@code RUN --mount} mounts. */
public enum MountType {
  BIND,
  CACHE,
  TMPFS,
  SECRET,
  SSH;

  /** The word in a Dockerfile. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
