package dev.kiln.executor.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the descriptions in this package's test resources: those in {@code valid} against the edits
 * in the file beside them, those in {@code invalid} against the error in their first line.
 */
class CdiDevicesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static Path resources(String name) throws URISyntaxException {
    return Path.of(Objects.requireNonNull(CdiDevicesTest.class.getResource(name)).toURI());
  }

  static List<Path> valid() throws Exception {
    return files("valid").filter(path -> !path.toString().endsWith(".expected")).toList();
  }

  static List<Path> invalid() throws Exception {
    return files("invalid").toList();
  }

  private static Stream<Path> files(String name) throws Exception {
    try (Stream<Path> all = Files.list(resources(name))) {
      return all.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void descriptionSaysWhatStandsBesideIt(Path file) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName()));
    CdiDevices devices = new CdiDevices(List.of(folder));
    StringBuilder said = new StringBuilder();
    for (CdiDevice device : devices.list()) {
      said.append(device.qualifiedName())
          .append(' ')
          .append(new TreeMap<>(device.annotations()))
          .append('\n');
      String edits = JSON.writeValueAsString(devices.edits(List.of(device.qualifiedName())));
      said.append(edits).append('\n');
    }
    Path expected = file.resolveSibling(file.getFileName() + ".expected");
    assertThat(said.toString()).isEqualTo(Files.readString(expected));
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void invalidDescriptionIsRefused(Path file) throws IOException {
    String error = Files.readAllLines(file).getFirst().substring("# ".length());
    assertThatThrownBy(() -> SpecReader.read(file))
        .isInstanceOf(CdiException.class)
        .hasMessageStartingWith(error);
  }

  @Test
  void newFileIsSeenAtOnce() throws IOException {
    CdiDevices devices = new CdiDevices(List.of(folder, folder.resolve("missing")));
    assertThat(devices.list()).isEmpty();
    write(folder, "a.yaml", "acme.com/gpu", "0");
    assertThat(names(devices)).containsExactly("acme.com/gpu=0");
    Files.delete(folder.resolve("a.yaml"));
    assertThat(devices.list()).isEmpty();
  }

  @Test
  void laterDirectoryWinsAndEqualsAreLeftOut() throws IOException {
    Path first = Files.createDirectory(folder.resolve("first"));
    Path second = Files.createDirectory(folder.resolve("second"));
    write(first, "a.yaml", "acme.com/gpu", "0");
    write(second, "b.yaml", "acme.com/gpu", "0");
    write(second, "c.yaml", "acme.com/cam", "0");
    write(second, "d.json", "acme.com/cam", "0");
    CdiDevices devices = new CdiDevices(List.of(first, second));
    assertThat(devices.list())
        .singleElement()
        .extracting(CdiDevice::file)
        .asString()
        .contains("b.");
  }

  @Test
  void brokenFileHidesOnlyItself() throws IOException {
    write(folder, "a.yaml", "acme.com/gpu", "0");
    Files.writeString(folder.resolve("b.yaml"), "{");
    assertThat(names(new CdiDevices(List.of(folder)))).containsExactly("acme.com/gpu=0");
  }

  @Test
  void editsOfFileComeOnceAndFirst() throws IOException {
    Files.writeString(
        folder.resolve("a.yaml"),
        """
        cdiVersion: 0.6.0
        kind: acme.com/gpu
        containerEdits: {env: [ALL=1]}
        devices:
        - {name: a, containerEdits: {env: [A=1]}}
        - {name: b, containerEdits: {env: [B=1]}}
        """);
    CdiDevices devices = new CdiDevices(List.of(folder));
    assertThat(devices.edits(List.of("acme.com/gpu=b", "acme.com/gpu=a")).env())
        .containsExactly("ALL=1", "B=1", "A=1");
  }

  @Test
  void unknownDeviceIsNamed() {
    assertThatThrownBy(() -> CdiDevices.NONE.edits(List.of("acme.com/gpu=0")))
        .hasMessage("unresolvable CDI device acme.com/gpu=0");
  }

  @Test
  void nodeIsCompletedFromTheHost() throws IOException {
    DeviceNode node =
        HostNode.complete(
            new DeviceNode("/dev/mine", "/dev/null", "", 0, 0, null, "r", null, null));
    assertThat(node)
        .isEqualTo(new DeviceNode("/dev/mine", "/dev/null", "c", 1, 3, 0666, "r", null, null));
    assertThatThrownBy(
            () ->
                HostNode.complete(new DeviceNode("/dev/null", "", "b", 0, 0, null, "", null, null)))
        .hasMessage(
            "CDI device \"/dev/null\" is of type b, but \"/dev/null\" on the host is of type c");
    assertThatThrownBy(
            () ->
                HostNode.complete(
                    new DeviceNode("/dev/missing", "", "", 0, 0, null, "", null, null)))
        .hasMessageStartingWith("failed to stat CDI host device \"/dev/missing\"");
  }

  private static void write(Path folder, String file, String kind, String name) throws IOException {
    Files.writeString(
        folder.resolve(file),
        "{\"cdiVersion\": \"0.6.0\", \"kind\": \""
            + kind
            + "\", \"devices\": [{\"name\": \""
            + name
            + "\", \"containerEdits\": {\"env\": [\"A=b\"]}}]}");
  }

  private static List<String> names(CdiDevices devices) {
    return devices.list().stream().map(CdiDevice::qualifiedName).toList();
  }
}
