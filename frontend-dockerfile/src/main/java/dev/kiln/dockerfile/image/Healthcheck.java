package dev.kiln.dockerfile.image;

import java.util.List;

/**
 * How a container's health is checked (Docker image specification). Times are in nanoseconds, 0 for
 * inherited.
 *
 * @param test such as {@code [CMD, word...]}
 * @param retries 0 for inherited
 */
public record Healthcheck(
    List<String> test,
    long interval,
    long timeout,
    long startPeriod,
    long startInterval,
    long retries) {

  public Healthcheck {
    test = List.copyOf(test);
  }
}
