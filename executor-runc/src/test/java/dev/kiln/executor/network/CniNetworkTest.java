package dev.kiln.executor.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.executor.network.NetworkNamespace.Attachment;
import dev.kiln.executor.process.NetNamespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CniNetworkTest {
  @TempDir Path temp;
  private Path bin;
  private Path log;
  private Path state;

  @BeforeEach
  void plugins() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "network namespaces need root");
    bin = Files.createDirectory(temp.resolve("bin"));
    log = Files.createFile(temp.resolve("log"));
    state = temp.resolve("state");
    for (String name : List.of("one", "two")) {
      plugin(
          name,
          """
          settings=$(cat)
          test -e "$CNI_NETNS" && there=yes || there=no
          echo %s $CNI_COMMAND $CNI_IFNAME $there $CNI_ARGS "$settings" >> %s
          echo '{"cniVersion":"1.0.0","from":"%s"}'
          """
              .formatted(name, log, name));
    }
  }

  private void plugin(String name, String script) throws IOException {
    Path file = bin.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private CniNetwork network(String config, int poolSize) throws IOException {
    return new CniNetwork(
        state, List.of(new CniChain(CniConfig.parse(config), "eth0", List.of(bin))), poolSize);
  }

  private static final String CHAIN =
      """
      {"cniVersion":"1.0.0","name":"n","plugins":[{"type":"one","x":1},{"type":"two"}]}
      """;

  private List<String> calls() throws IOException {
    return Files.readAllLines(log).stream().map(line -> line.replaceAll(" \\{.*", "")).toList();
  }

  @Test
  void pluginsAreCalledInOrderAndInReverse() throws IOException {
    try (CniNetwork network = network(CHAIN, 0)) {
      NetworkNamespace namespace = network.open("web");
      assertThat(((Attachment.Existing) namespace.attachment()).path())
          .startsWith(state.toString());
      assertThat(Files.readAllLines(log).get(1))
          .endsWith(
              "{\"type\":\"two\",\"cniVersion\":\"1.0.0\",\"name\":\"n\","
                  + "\"prevResult\":{\"cniVersion\":\"1.0.0\",\"from\":\"one\"}}");
      namespace.close();
      String args = "K8S_POD_NAME=web;IgnoreUnknown=1";
      assertThat(calls())
          .containsExactly(
              "one ADD eth0 yes " + args,
              "two ADD eth0 yes " + args,
              "two DEL eth0 yes " + args,
              "one DEL eth0 yes " + args);
      assertThat(Files.readAllLines(log).get(2)).contains("\"from\":\"two\"");
    }
    assertThat(state).isEmptyDirectory();
  }

  @Test
  void failureIsToldAndLeavesNothing() throws IOException {
    plugin("two", "echo '{\"code\":7,\"msg\":\"no way\",\"details\":\"at all\"}'; exit 1");
    try (CniNetwork network = network(CHAIN, 0)) {
      assertThatThrownBy(() -> network.open("")).hasMessage("CNI plugin two failed: no way at all");
    }
    assertThat(calls()).containsExactly("one ADD eth0 yes", "one DEL eth0 yes");
    assertThat(state).isEmptyDirectory();
  }

  @Test
  void readyNetworksAreUsedAgain() throws IOException {
    try (CniNetwork network = network("{\"type\":\"one\",\"name\":\"single\"}", 1)) {
      NetworkNamespace first = network.open("");
      first.close();
      NetworkNamespace second = network.open("");
      second.close();
    }
    long added = calls().stream().filter(line -> line.contains("ADD")).count();
    long removed = calls().stream().filter(line -> line.contains("DEL")).count();
    assertThat(added).isEqualTo(removed).isLessThanOrEqualTo(2);
    assertThat(state).isEmptyDirectory();
  }

  @Test
  void networksOfAFormerDaemonAreTakenDown() throws IOException {
    CniNetwork former = network(CHAIN, 0);
    former.open("");
    Files.createFile(state.resolve("abandoned"));
    try (CniNetwork next = network(CHAIN, 0)) {
      assertThat(state).isEmptyDirectory();
    }
    assertThat(calls()).contains("two DEL eth0 yes");
  }

  @Test
  void namespacesAreNotTheDaemonsOwn() throws IOException {
    Path file = temp.resolve("ns");
    Object own = Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino");
    NetNamespaces.create(file);
    try {
      assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(own);
      assertThat(Files.getAttribute(Path.of("/proc/self/ns/net"), "unix:ino")).isEqualTo(own);
    } finally {
      NetNamespaces.remove(file);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void settingsChooseTheNetwork() throws IOException {
    var absent =
        new NetworkSettings("auto", temp.resolve("no.json"), bin, 0, "kilntest0", "10.99.0.0/24");
    assertThat(absent.select(state).label()).isEqualTo("host");
    Path config = Files.writeString(temp.resolve("cni.json"), CHAIN);
    var present = new NetworkSettings("", config, bin, 0, "kilntest0", "10.99.0.0/24");
    assertThat(present.select(state).label()).isEqualTo("cni");
    var wrong = new NetworkSettings("token-ring", config, bin, 0, "", "");
    assertThatThrownBy(() -> wrong.select(state)).hasMessageContaining("invalid network mode");
    var noPlugins = new NetworkSettings("bridge", config, temp, 0, "", "");
    assertThatThrownBy(() -> noPlugins.select(state)).hasMessageContaining("install them");
  }
}
