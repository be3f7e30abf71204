package dev.kiln.executor.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A network configuration as of the CNI specification: plugins that are called one after the other.
 *
 * @param version {@code cniVersion} of the configuration
 * @param plugins each one's own settings; not to be changed
 */
record CniConfig(String version, String name, List<ObjectNode> plugins) {
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String OLDEST_VERSION = "0.1.0";

  /** Reads a list of plugins ({@code .conflist}) or the settings of a single one. */
  static CniConfig read(Path file) throws IOException {
    try {
      return parse(Files.readString(file));
    } catch (JacksonException e) {
      throw new IOException("could not read CNI config " + file + ": " + e.getMessage(), e);
    }
  }

  static CniConfig parse(String json) throws IOException {
    JsonNode root = JSON.readTree(json);
    List<ObjectNode> plugins = new ArrayList<>();
    JsonNode list = root.path("plugins");
    for (JsonNode node : list.isArray() ? list : List.of(root)) {
      if (!(node instanceof ObjectNode plugin) || plugin.path("type").asString("").isEmpty()) {
        throw new IOException("a CNI plugin without a type is configured");
      }
      plugins.add(plugin);
    }
    return new CniConfig(
        root.path("cniVersion").asString(OLDEST_VERSION), root.path("name").asString(""), plugins);
  }

  /** The loopback interface, which plugins for real networks leave down. */
  static CniConfig loopback(String type) {
    ObjectNode plugin = JSON.createObjectNode().put("type", type);
    return new CniConfig("0.3.1", "cni-loopback", List.of(plugin));
  }

  /**
   * A bridge with address translation that keeps containers of other bridges out.
   *
   * @param plugins names of the four programs
   */
  static CniConfig bridge(BridgePlugins plugins, String bridge, String subnet) {
    ObjectNode range = JSON.createObjectNode().put("subnet", subnet);
    ObjectNode addresses = JSON.createObjectNode().put("type", plugins.hostLocal());
    addresses.putArray("ranges").addArray().add(range);
    ObjectNode link =
        JSON.createObjectNode()
            .put("type", plugins.bridge())
            .put("bridge", bridge)
            .put("isDefaultGateway", true)
            .put("ipMasq", true);
    link.set("ipam", addresses);
    ObjectNode firewall =
        JSON.createObjectNode().put("type", plugins.firewall()).put("ingressPolicy", "same-bridge");
    return new CniConfig("1.0.0", "buildkit", List.of(link, firewall));
  }

  /** Names of the programs that make up the built-in bridge network. */
  record BridgePlugins(String loopback, String bridge, String hostLocal, String firewall) {
    static final BridgePlugins STANDARD =
        new BridgePlugins("loopback", "bridge", "host-local", "firewall");
    static final BridgePlugins BUNDLED =
        new BridgePlugins(
            "buildkit-cni-loopback",
            "buildkit-cni-bridge",
            "buildkit-cni-host-local",
            "buildkit-cni-firewall");

    List<String> all() {
      return List.of(loopback, bridge, hostLocal, firewall);
    }
  }
}
