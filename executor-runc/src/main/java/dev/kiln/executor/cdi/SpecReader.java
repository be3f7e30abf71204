package dev.kiln.executor.cdi;

import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import dev.kiln.executor.cdi.ContainerEdits.Hook;
import dev.kiln.executor.cdi.ContainerEdits.HostMount;
import dev.kiln.executor.cdi.ContainerEdits.IntelRdt;
import dev.kiln.executor.cdi.ContainerEdits.NetDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads descriptions of devices: YAML, of which JSON is a part. Stateless. */
final class SpecReader {
  private static final long MAX_FILE_BYTES = 3L << 20;

  private SpecReader() {}

  /**
   * Reads a file and checks it.
   *
   * @throws CdiException when it is not a valid description
   */
  static SpecFile read(Path path) throws IOException {
    if (Files.size(path) > MAX_FILE_BYTES) {
      throw new CdiException("it is larger than " + MAX_FILE_BYTES + " bytes");
    }
    SpecFile file = parse(path, Files.readString(path));
    SpecRules.check(file);
    return file;
  }

  private static SpecFile parse(Path path, String text) throws CdiException {
    Object value;
    try {
      value = new Load(LoadSettings.builder().build()).loadFromString(text);
    } catch (YamlEngineException e) {
      throw new CdiException("it is not YAML: " + e.getMessage(), e);
    }
    return Fields.read("the file", value, fields -> file(path, fields));
  }

  private static SpecFile file(Path path, Fields fields) throws CdiException {
    return new SpecFile(
        path,
        fields.text("cdiVersion"),
        fields.text("kind"),
        fields.textMap("annotations"),
        fields.mappings(
            "devices",
            device ->
                new SpecFile.Entry(
                    device.text("name"), device.textMap("annotations"), editsOf(device))),
        editsOf(fields));
  }

  private static ContainerEdits editsOf(Fields fields) throws CdiException {
    ContainerEdits edits = fields.mapping("containerEdits", SpecReader::edits);
    return edits == null ? ContainerEdits.NONE : edits;
  }

  private static ContainerEdits edits(Fields fields) throws CdiException {
    return new ContainerEdits(
        fields.texts("env"),
        fields.mappings("deviceNodes", SpecReader::node),
        fields.mappings(
            "netDevices", each -> new NetDevice(each.text("hostInterfaceName"), each.text("name"))),
        fields.mappings("hooks", SpecReader::hook),
        fields.mappings("mounts", SpecReader::mount),
        fields.mapping("intelRdt", SpecReader::intelRdt),
        fields.numbers("additionalGids"));
  }

  private static DeviceNode node(Fields fields) throws CdiException {
    return new DeviceNode(
        fields.text("path"),
        fields.text("hostPath"),
        fields.text("type"),
        orZero(fields.number("major")),
        orZero(fields.number("minor")),
        fields.number("fileMode"),
        fields.text("permissions"),
        fields.number("uid"),
        fields.number("gid"));
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }

  private static Hook hook(Fields fields) throws CdiException {
    return new Hook(
        fields.text("hookName"),
        fields.text("path"),
        fields.texts("args"),
        fields.texts("env"),
        fields.number("timeout"));
  }

  private static HostMount mount(Fields fields) throws CdiException {
    return new HostMount(
        fields.text("hostPath"),
        fields.text("containerPath"),
        fields.texts("options"),
        fields.text("type"));
  }

  private static IntelRdt intelRdt(Fields fields) throws CdiException {
    @Nullable List<String> schemata = fields.textsOrNull("schemata");
    return new IntelRdt(
        fields.text("closID"),
        fields.text("l3CacheSchema"),
        fields.text("memBwSchema"),
        schemata,
        fields.flag("enableMonitoring"));
  }
}
