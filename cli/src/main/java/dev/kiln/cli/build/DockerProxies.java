package dev.kiln.cli.build;

import dev.kiln.wire.attach.DockerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The proxies that docker's configuration wants in every build, as build arguments. */
final class DockerProxies {
  private static final Logger LOG = LoggerFactory.getLogger(DockerProxies.class);
  private static final Map<String, String> VARIABLES =
      Map.of(
          "httpProxy", "HTTP_PROXY",
          "httpsProxy", "HTTPS_PROXY",
          "ftpProxy", "FTP_PROXY",
          "noProxy", "NO_PROXY",
          "allProxy", "ALL_PROXY");

  private DockerProxies() {}

  /** The arguments, in upper and lower case. */
  static Map<String, String> of(Map<String, String> environment) {
    Map<String, String> result = new TreeMap<>();
    Path file = DockerConfig.ofUser().folder().resolve("config.json");
    if (!Files.exists(file)) {
      return result;
    }
    try {
      JsonNode proxies = JsonMapper.shared().readTree(Files.readAllBytes(file)).path("proxies");
      JsonNode host = proxies.path(environment.getOrDefault("DOCKER_HOST", "default"));
      JsonNode chosen = host.isObject() ? host : proxies.path("default");
      VARIABLES.forEach(
          (key, variable) -> {
            String value = chosen.path(key).asString("");
            if (!value.isEmpty()) {
              result.put(variable, value);
              result.put(variable.toLowerCase(java.util.Locale.ROOT), value);
            }
          });
    } catch (IOException | JacksonException e) {
      LOG.debug("could not read proxies from {}", file, e);
    }
    return result;
  }
}
