package dev.kiln.daemon.config;

import dev.kiln.daemon.trace.otlp.OtlpSettings;
import dev.kiln.registry.host.RegistryConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that an operator can say about the daemon, with the defaults filled in. Immutable.
 *
 * @param root where all state is
 * @param addresses where to listen: {@code unix://}, {@code tcp://} or {@code fd://} addresses; at
 *     least one
 * @param debugAddress HTTP address for metrics and debugging, or empty
 * @param entitlements what builds may be granted: {@code network.host}, {@code security.insecure},
 *     {@code device}
 * @param proxyNetwork whether all builds' web traffic goes through a recording proxy
 * @param provenanceEnvironment a folder whose JSON files are merged into provenance
 * @param idleTimeout the daemon ends after this long without a call; zero means never
 * @param notices what the operator should know, for the log: deprecated, unknown and ineffective
 *     settings
 */
public record KilndConfig(
    Path root,
    List<String> addresses,
    SocketOwner socketOwner,
    Tls tls,
    String debugAddress,
    Log log,
    Set<String> entitlements,
    boolean proxyNetwork,
    boolean rootless,
    WorkerConfig worker,
    RegistryConfig registries,
    Dns dns,
    History history,
    Cdi cdi,
    Frontends frontends,
    Duration platformsCacheMaxAge,
    Path provenanceEnvironment,
    boolean saveCacheDebug,
    Duration idleTimeout,
    Otel otel,
    List<String> notices) {

  public KilndConfig {
    addresses = List.copyOf(addresses);
    entitlements = Set.copyOf(entitlements);
    notices = List.copyOf(notices);
  }

  KilndConfig withNotices(List<String> all) {
    return new KilndConfig(
        root,
        addresses,
        socketOwner,
        tls,
        debugAddress,
        log,
        entitlements,
        proxyNetwork,
        rootless,
        worker,
        registries,
        dns,
        history,
        cdi,
        frontends,
        platformsCacheMaxAge,
        provenanceEnvironment,
        saveCacheDebug,
        idleTimeout,
        otel,
        all);
  }

  /** Who owns Unix sockets; empty means the daemon's own user or group. */
  public record SocketOwner(Optional<Integer> uid, Optional<Integer> gid) {}

  /**
   * PEM files for TCP addresses.
   *
   * @param clientAuthority clients must have a certificate that this authority signed, if it is
   *     given
   */
  public record Tls(
      Optional<Path> certificate, Optional<Path> key, Optional<Path> clientAuthority) {}

  /**
   * How to write the log.
   *
   * @param format {@code text} or {@code json}
   * @param level {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
   */
  public record Log(String format, String level) {}

  /** What replaces the host's resolv.conf in steps; empty lists leave the host's. */
  public record Dns(List<String> nameservers, List<String> options, List<String> searchDomains) {}

  /**
   * What is kept of finished builds. Zero means the defaults of the history's own policy.
   *
   * @param maxAge records older than this go
   * @param maxEntries more records than this go
   */
  public record History(Duration maxAge, long maxEntries) {}

  /**
   * Where traces go.
   *
   * @param collector who takes all spans, if anybody
   * @param resource what describes this daemon in each span
   * @param socket where steps may send spans to; empty means that they are told nothing
   */
  public record Otel(
      Optional<OtlpSettings> collector, Map<String, String> resource, Optional<Path> socket) {
    public Otel {
      resource = Map.copyOf(resource);
    }
  }

  /** Devices by the Container Device Interface. */
  public record Cdi(boolean disabled, List<Path> specDirectories, List<String> autoAllowed) {}

  /**
   * Which frontends builds may name.
   *
   * @param gatewayRepositories image names that {@code gateway.v0} may run; empty means any
   */
  public record Frontends(boolean dockerfile, boolean gateway, List<String> gatewayRepositories) {}
}
