package dev.kiln.daemon.config;

import java.time.Duration;
import java.util.List;

/**
 * How a worker's store is kept small.
 *
 * @param enabled whether it is at all
 * @param policies as configured, in order; empty means the usual ones
 */
public record GcConfig(
    boolean enabled,
    DiskSpace reservedSpace,
    DiskSpace maxUsedSpace,
    DiskSpace minFreeSpace,
    List<GcPolicy> policies) {
  private static final long MAX_RESERVED_BYTES = 10_000_000_000L;
  private static final long MAX_USED_BYTES = 100_000_000_000L;
  private static final Duration EASY_AGE = Duration.ofDays(2);
  private static final Duration OLD_AGE = Duration.ofDays(60);
  private static final long EASY_BYTES = 512_000_000L;
  private static final List<String> EASY_FILTERS =
      List.of("type==source.local", "type==exec.cachemount", "type==source.git.checkout");

  public GcConfig {
    policies = List.copyOf(policies);
  }

  /** Collection is on, with the usual rules. */
  public static GcConfig usual() {
    return new GcConfig(true, DiskSpace.NONE, DiskSpace.NONE, DiskSpace.NONE, List.of());
  }

  /**
   * The rules to apply, in order: the configured ones, or the usual four. Empty if collection is
   * off.
   *
   * @param diskBytes the size of the disk that the store is on, or 0 if it is not known
   */
  public List<GcPolicy> effectivePolicies(long diskBytes) {
    if (!enabled) {
      return List.of();
    }
    return policies.isEmpty() ? usualPolicies(diskBytes) : policies;
  }

  private List<GcPolicy> usualPolicies(long diskBytes) {
    boolean unset = reservedSpace.isUnset() && maxUsedSpace.isUnset() && minFreeSpace.isUnset();
    DiskSpace reserved = unset ? atMost(10, MAX_RESERVED_BYTES, diskBytes) : reservedSpace;
    DiskSpace used = unset ? atMost(80, MAX_USED_BYTES, diskBytes) : maxUsedSpace;
    DiskSpace free = unset ? DiskSpace.ofPercent(20) : minFreeSpace;
    DiskSpace none = DiskSpace.NONE;
    return List.of(
        // What is most easily made again goes first.
        new GcPolicy(false, EASY_FILTERS, EASY_AGE, none, DiskSpace.ofBytes(EASY_BYTES), none),
        new GcPolicy(false, List.of(), OLD_AGE, reserved, used, free),
        new GcPolicy(false, List.of(), Duration.ZERO, reserved, used, free),
        new GcPolicy(true, List.of(), Duration.ZERO, reserved, used, free));
  }

  private static DiskSpace atMost(long percent, long bytes, long diskBytes) {
    DiskSpace share = DiskSpace.ofPercent(percent);
    return share.asBytes(diskBytes) > bytes ? DiskSpace.ofBytes(bytes) : share;
  }
}
