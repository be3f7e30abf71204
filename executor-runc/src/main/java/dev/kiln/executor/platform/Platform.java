package dev.kiln.executor.platform;

/**
 * A platform as container images name it, in normal form.
 *
 * @param os such as {@code linux}
 * @param architecture Go's name, such as {@code amd64}
 * @param variant such as {@code v2}; empty for the base of the architecture
 */
public record Platform(String os, String architecture, String variant) {
  /** The base of an architecture on Linux. */
  public static Platform linux(String architecture) {
    return new Platform("linux", architecture, "");
  }

  public static Platform linux(String architecture, String variant) {
    return new Platform("linux", architecture, variant);
  }

  /** The common text form, such as {@code linux/arm/v7}. */
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
