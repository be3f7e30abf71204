package dev.kiln.registry.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is configured for one registry name: a {@code [registry."host"]} table. Immutable.
 *
 * @param mirrors hosts, or host/path, that are asked first, in this order
 * @param plainHttp whether to speak HTTP without TLS; empty means only with loopback addresses
 * @param insecure whether to accept any certificate; with plain HTTP also allowed, HTTPS is tried
 *     first
 * @param authorities PEM files with certificates to trust besides the system's
 * @param tlsConfigDirectories folders with {@code *.crt} to trust and {@code *.cert}/{@code *.key}
 *     pairs to present
 * @param keyPairs client certificates
 */
public record HostSettings(
    List<String> mirrors,
    Optional<Boolean> plainHttp,
    Optional<Boolean> insecure,
    List<Path> authorities,
    List<Path> tlsConfigDirectories,
    List<KeyPairFiles> keyPairs) {

  /** What holds for a registry that is not configured. */
  public static final HostSettings DEFAULT =
      new HostSettings(
          List.of(), Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

  /**
   * A client certificate and its key.
   *
   * @param certificate PEM, the chain from the client's own certificate up
   * @param key PEM, not encrypted
   */
  public record KeyPairFiles(Path certificate, Path key) {}

  public HostSettings {
    mirrors = List.copyOf(mirrors);
    authorities = List.copyOf(authorities);
    tlsConfigDirectories = List.copyOf(tlsConfigDirectories);
    keyPairs = List.copyOf(keyPairs);
  }

  /** Settings for one request of a user who accepts any certificate and plain HTTP. */
  public static HostSettings insecureOnly() {
    return new HostSettings(
        List.of(), Optional.of(true), Optional.of(true), List.of(), List.of(), List.of());
  }

  /** Whether a connection needs nothing but the system's own trust. */
  boolean usesSystemTrustOnly() {
    return !insecure.orElse(false)
        && authorities.isEmpty()
        && tlsConfigDirectories.isEmpty()
        && keyPairs.isEmpty();
  }
}
