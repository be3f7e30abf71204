package dev.kiln.registry.client;

import dev.kiln.registry.host.Server;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Where a call goes. */
sealed interface Target {
  /** The address on a certain server. */
  URI on(Server server);

  /**
   * Something in a repository.
   *
   * @param repository the repository's path, such as {@code library/alpine}
   * @param path below the repository: {@code manifests/latest}
   * @param query parameters, not yet encoded
   */
  record InRepository(String repository, String path, Map<String, String> query) implements Target {
    @Override
    public URI on(Server server) {
      String parameters =
          query.entrySet().stream()
              .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
              .collect(Collectors.joining("&"));
      // Caching proxies learn from this parameter which registry they stand in for.
      String namespace = server.mirror() ? "ns=" + encode(server.domain()) : "";
      String joiner = parameters.isEmpty() || namespace.isEmpty() ? "" : "&";
      String all = parameters + joiner + namespace;
      String base = server.scheme() + "://" + server.host() + "/" + server.root();
      String address = base + "/" + repository + "/" + path;
      return URI.create(all.isEmpty() ? address : address + "?" + all);
    }
  }

  /** An address that the registry gave in an earlier answer. */
  record Given(URI uri) implements Target {
    @Override
    public URI on(Server server) {
      return uri;
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
