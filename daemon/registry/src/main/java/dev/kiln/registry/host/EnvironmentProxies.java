package dev.kiln.registry.host;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses a proxy as other tools do: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, or their lower-case
 * forms.
 */
public final class EnvironmentProxies extends ProxySelector {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentProxies.class);
  private static final int DEFAULT_PROXY_PORT = 80;

  private final Map<String, String> environment;

  public EnvironmentProxies(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public List<Proxy> select(URI uri) {
    String address = variable(uri.getScheme().equals("https") ? "HTTPS_PROXY" : "HTTP_PROXY");
    String host = uri.getHost() == null ? "" : uri.getHost();
    if (address.isEmpty() || isExcluded(host, uri.getPort())) {
      return List.of(Proxy.NO_PROXY);
    }
    try {
      URI proxy = new URI(address.contains("://") ? address : "http://" + address);
      int port = proxy.getPort() < 0 ? DEFAULT_PROXY_PORT : proxy.getPort();
      InetSocketAddress socket = InetSocketAddress.createUnresolved(proxy.getHost(), port);
      return List.of(new Proxy(Proxy.Type.HTTP, socket));
    } catch (URISyntaxException | IllegalArgumentException e) {
      LOG.warn("could not use the proxy \"{}\" of the environment: {}", address, e.getMessage());
      return List.of(Proxy.NO_PROXY);
    }
  }

  private boolean isExcluded(String host, int port) {
    if (Server.isLoopback(host)) {
      return true;
    }
    String lower = host.toLowerCase(Locale.ROOT);
    for (String raw : variable("NO_PROXY").split(",", -1)) {
      String entry = raw.strip().toLowerCase(Locale.ROOT);
      if (entry.endsWith(":" + port)) {
        entry = entry.substring(0, entry.lastIndexOf(':'));
      }
      String suffix = entry.startsWith(".") ? entry : "." + entry;
      if (!entry.isEmpty()
          && (entry.equals("*") || lower.equals(entry) || lower.endsWith(suffix))) {
        return true;
      }
    }
    return false;
  }

  private String variable(String name) {
    String value = environment.get(name);
    String other = value == null ? environment.get(name.toLowerCase(Locale.ROOT)) : value;
    return other == null ? "" : other;
  }

  @Override
  public void connectFailed(
      @Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException failure) {
    LOG.warn("could not connect to the proxy {} for {}", address, uri, failure);
  }
}
