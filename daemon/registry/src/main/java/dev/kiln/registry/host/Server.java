package dev.kiln.registry.host;

import dev.kiln.registry.reference.ImageReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One server that may answer for a registry name.
 *
 * @param scheme {@code http} or {@code https}
 * @param host name and port as in the address, for example {@code registry-1.docker.io}
 * @param root the folder below which repositories stand, without slashes at its ends: {@code v2} or
 *     {@code v2/cache}
 * @param domain the registry name that the server answers for
 * @param mirror whether this is a stand-in, which is only read from
 * @param fallsBackToHttp whether plain HTTP is tried when HTTPS is not spoken there
 * @param settings how to connect
 */
public record Server(
    String scheme,
    String host,
    String root,
    String domain,
    boolean mirror,
    boolean fallsBackToHttp,
    HostSettings settings) {

  private static final String API_ROOT = "v2";

  /** The servers to read from, the first to be asked first: mirrors, then the registry itself. */
  public static List<Server> forReading(RegistryConfig config, String domain) {
    List<Server> servers = new ArrayList<>();
    for (String mirror : config.of(domain).mirrors()) {
      String bare = mirror.replaceFirst("^https?://", "");
      int slash = bare.indexOf('/');
      String host = slash < 0 ? bare : bare.substring(0, slash);
      String path = slash < 0 ? "" : bare.substring(slash + 1).replaceFirst("/+$", "");
      String root = path.isEmpty() ? API_ROOT : API_ROOT + "/" + path;
      servers.add(at(host, root, domain, true, config.of(host)));
    }
    servers.add(forWriting(config, domain));
    return servers;
  }

  /** The registry itself. */
  public static Server forWriting(RegistryConfig config, String domain) {
    return origin(domain, config.of(domain));
  }

  /** The registry itself, reached in a certain way. */
  public static Server origin(String domain, HostSettings settings) {
    return at(ImageReference.serverOf(domain), API_ROOT, domain, false, settings);
  }

  private static Server at(
      String host, String root, String domain, boolean mirror, HostSettings settings) {
    boolean http = settings.plainHttp().orElseGet(() -> isLoopback(host));
    boolean insecure = settings.insecure().orElse(false);
    String scheme = http && !insecure ? "http" : "https";
    return new Server(scheme, host, root, domain, mirror, http && insecure, settings);
  }

  /** Whether the host, which may have a port, is this machine. */
  static boolean isLoopback(String hostAndPort) {
    String host = hostAndPort.toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      return host.startsWith("[::1]");
    }
    int colon = host.lastIndexOf(':');
    String name = colon < 0 || host.indexOf(':') != colon ? host : host.substring(0, colon);
    return name.equals("localhost") || name.equals("::1") || name.matches("127(\\.\\d{1,3}){3}");
  }

  /** This server without TLS. */
  public Server overHttp() {
    return new Server("http", host, root, domain, mirror, false, settings);
  }
}
