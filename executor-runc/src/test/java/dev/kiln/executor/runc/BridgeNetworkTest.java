package dev.kiln.executor.runc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.executor.Cancellation;
import dev.kiln.executor.ContainerListener;
import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.ProcessSpec;
import dev.kiln.executor.Stdio;
import dev.kiln.executor.network.NetworkSettings;
import dev.kiln.executor.process.CommandCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The built-in bridge network with the real plugins. */
@Timeout(60)
class BridgeNetworkTest {
  private static final String BRIDGE = "kilntest0";

  @TempDir Path temp;

  @Test
  void containersHaveAnAddressAndAGateway() throws Exception {
    Path runc = TestingRootfs.requireRunc();
    Path plugins = Path.of("/usr/lib/cni");
    assumeTrue(Files.exists(plugins.resolve("bridge")), "CNI's plugins are not installed");
    assumeTrue(Files.exists(Path.of("/usr/sbin/iptables")), "iptables is not installed");
    assumeTrue(Files.exists(Path.of("/usr/sbin/ip")), "iproute2 is not installed");
    Path rootfs = TestingRootfs.make(temp.resolve("image"));
    var settings =
        new NetworkSettings("bridge", Path.of("/none"), plugins, 0, BRIDGE, "10.213.77.0/24");
    var network = settings.select(temp.resolve("net"));
    var output = new ByteArrayOutputStream();
    try (var executor =
        new RuncExecutor(
            ExecutorOptions.of(temp.resolve("executor"), runc)
                .withDefaultNetwork(network.provider()))) {
      executor.run(
          ContainerSpec.builder(
                  "bridged",
                  TestingRootfs.bind(rootfs),
                  ProcessSpec.of(
                      "sh",
                      "-c",
                      "ip -4 -o addr show eth0 | grep -c 10.213.77.; ip route | grep -c default;"
                          + " ip addr show lo | grep -c 127.0.0.1"))
              .build(),
          new Stdio.Streams(null, output, output),
          ContainerListener.NONE,
          Cancellation.NONE);
    } finally {
      ip("link", "delete", BRIDGE);
    }
    assertThat(output.toString(StandardCharsets.UTF_8)).isEqualTo("1\n1\n1\n");
    assertThat(temp.resolve("net")).isEmptyDirectory();
  }

  private static void ip(String... args) throws Exception {
    new CommandCall(Path.of("/usr/sbin/ip"), List.of(args), List.of(), "").run();
  }
}
