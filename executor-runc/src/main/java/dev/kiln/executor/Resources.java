package dev.kiln.executor;

/**
 * Limits of a container's cgroup; 0 and empty texts mean unlimited.
 *
 * @param memoryBytes limit of memory
 * @param memorySwapBytes limit of memory and swap together; -1 means unlimited swap
 * @param cpuShares relative weight
 * @param cpuPeriodMicros period of the CPU quota
 * @param cpuQuotaMicros CPU time in each period
 * @param cpusetCpus CPUs to run on, such as {@code 0-2,4}
 * @param cpusetMems memory nodes to use, such as {@code 0}
 */
public record Resources(
    long memoryBytes,
    long memorySwapBytes,
    long cpuShares,
    long cpuPeriodMicros,
    long cpuQuotaMicros,
    String cpusetCpus,
    String cpusetMems) {
  /** No limits. */
  public static final Resources UNLIMITED = new Resources(0, 0, 0, 0, 0, "", "");
}
