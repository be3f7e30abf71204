package dev.kiln.registry.host;

import java.util.Map;

/**
 * How registries are reached. Immutable.
 *
 * @param hosts settings by registry name as it stands in references ({@code docker.io}) or in a
 *     list of mirrors
 * @param maxConcurrency how many blobs move at once to or from one registry; at least 1
 */
public record RegistryConfig(Map<String, HostSettings> hosts, int maxConcurrency) {
  /** How many blobs move at once if nothing is configured. */
  public static final int DEFAULT_MAX_CONCURRENCY = 4;

  /** No registry is configured. */
  public static final RegistryConfig DEFAULT =
      new RegistryConfig(Map.of(), DEFAULT_MAX_CONCURRENCY);

  public RegistryConfig {
    hosts = Map.copyOf(hosts);
    if (maxConcurrency < 1) {
      throw new IllegalArgumentException(
          "maxRegistryConcurrency must be at least 1, not " + maxConcurrency);
    }
  }

  /** The settings of a registry, or the defaults. */
  public HostSettings of(String domain) {
    return hosts.getOrDefault(domain, HostSettings.DEFAULT);
  }
}
