package dev.kiln.dockerfile.instruction;

import java.util.Locale;

/** How builds that run at the same time share a cache mount. */
public enum CacheSharing {
  SHARED,
  PRIVATE,
  LOCKED;

  /** The word in a Dockerfile. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
