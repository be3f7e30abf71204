package dev.kiln.daemon.config;

import java.time.Duration;
import java.util.List;

/**
 * One rule of garbage collection.
 *
 * @param all whether internal records are collected as well
 * @param filters alternatives; empty means every record
 * @param keepDuration what was used within this time stays; zero means nothing stays for its age
 * @param reservedSpace below this nothing is collected
 * @param maxUsedSpace above this is collected
 * @param minFreeSpace so much of the disk should stay free
 */
public record GcPolicy(
    boolean all,
    List<String> filters,
    Duration keepDuration,
    DiskSpace reservedSpace,
    DiskSpace maxUsedSpace,
    DiskSpace minFreeSpace) {
  public GcPolicy {
    filters = List.copyOf(filters);
  }
}
