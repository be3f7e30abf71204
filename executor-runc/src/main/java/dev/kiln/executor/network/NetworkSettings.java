package dev.kiln.executor.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How containers get their network by default.
 *
 * @param mode {@code auto}, {@code cni}, {@code bridge} or {@code host}; empty means auto
 * @param cniConfig plugins to call
 * @param cniBinaries where the plugins are
 * @param poolSize how many networks to keep ready
 * @param bridgeName of the built-in bridge network
 * @param bridgeSubnet of the built-in bridge network
 */
public record NetworkSettings(
    String mode,
    Path cniConfig,
    Path cniBinaries,
    int poolSize,
    String bridgeName,
    String bridgeSubnet) {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkSettings.class);

  /** Set to {@code true}, it makes auto mode take the bridge network. */
  private static final String BRIDGE_AUTO = "BUILDKIT_NETWORK_BRIDGE_AUTO";

  public static final NetworkSettings DEFAULT =
      new NetworkSettings(
          "auto",
          Path.of("/etc/buildkit/cni.json"),
          Path.of("/opt/cni/bin"),
          0,
          "buildkit0",
          "10.10.0.0/16");

  /**
   * A provider and the word for it in a worker's labels.
   *
   * @param label {@code cni} or {@code host}
   */
  public record Selection(NetworkProvider provider, String label) {}

  /**
   * Makes the provider that these settings ask for.
   *
   * @param folder where it may keep what it needs
   * @throws IOException what is asked for is not there
   */
  public Selection select(Path folder) throws IOException {
    return switch (mode) {
      case "host" -> host();
      case "cni" -> new Selection(cni(folder), "cni");
      case "bridge" -> new Selection(bridge(folder), "cni");
      case "auto", "" -> auto(folder);
      default ->
          throw new IOException(
              "invalid network mode \"" + mode + "\"; choose auto, cni, bridge or host");
    };
  }

  private Selection auto(Path folder) throws IOException {
    if (Objects.equals(System.getenv(BRIDGE_AUTO), "true")) {
      return new Selection(bridge(folder), "cni");
    }
    if (Files.exists(cniConfig)) {
      return new Selection(cni(folder), "cni");
    }
    LOG.warn("using host network as the default, since there is no {}", cniConfig);
    return host();
  }

  private static Selection host() {
    return new Selection(new HostNetwork(), "host");
  }

  private NetworkProvider cni(Path folder) throws IOException {
    List<Path> folders = List.of(cniBinaries);
    return new CniNetwork(
        folder,
        List.of(
            new CniChain(CniConfig.loopback("loopback"), "lo", folders),
            new CniChain(CniConfig.read(cniConfig), "eth0", folders)),
        poolSize);
  }

  private NetworkProvider bridge(Path folder) throws IOException {
    List<Path> folders = searchPath();
    CniConfig.BridgePlugins plugins = CniConfig.BridgePlugins.BUNDLED;
    if (!plugins.all().stream().allMatch(name -> isIn(folders, name))) {
      plugins = CniConfig.BridgePlugins.STANDARD;
      folders.clear();
      folders.add(cniBinaries);
      if (!isIn(folders, plugins.bridge())) {
        throw new IOException(
            "could not find the CNI plugins of the bridge network in "
                + cniBinaries
                + "; install them, or set the network mode to host");
      }
    }
    return new CniNetwork(
        folder,
        List.of(
            new CniChain(CniConfig.loopback(plugins.loopback()), "lo", folders),
            new CniChain(CniConfig.bridge(plugins, bridgeName, bridgeSubnet), "eth0", folders)),
        poolSize);
  }

  private static boolean isIn(List<Path> folders, String name) {
    return folders.stream().anyMatch(folder -> Files.isExecutable(folder.resolve(name)));
  }

  private static List<Path> searchPath() {
    List<Path> folders = new ArrayList<>();
    String path = System.getenv("PATH");
    if (path != null) {
      Arrays.stream(path.split(":", -1))
          .filter(folder -> !folder.isEmpty())
          .map(Path::of)
          .forEach(folders::add);
    }
    return folders;
  }
}
