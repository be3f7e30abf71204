package dev.kiln.executor.platform;

/**
 * A handler that the kernel knows for foreign programs.
 *
 * @param name such as {@code qemu-aarch64}
 * @param interpreter the emulator's path
 * @param flags letters as the kernel shows them, such as {@code POF}
 */
public record BinfmtHandler(String name, boolean enabled, String interpreter, String flags) {
  /** Whether the emulator is reached from containers as well, which lack its file. */
  public boolean worksInContainers() {
    return enabled && flags.contains("F");
  }
}
