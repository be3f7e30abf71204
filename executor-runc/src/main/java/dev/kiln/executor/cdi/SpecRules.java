package dev.kiln.executor.cdi;

import dev.kiln.executor.cdi.ContainerEdits.DeviceNode;
import dev.kiln.executor.cdi.ContainerEdits.Hook;
import dev.kiln.executor.cdi.ContainerEdits.IntelRdt;
import dev.kiln.executor.cdi.ContainerEdits.NetDevice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the specification demands of a description beyond its form. Stateless. */
final class SpecRules {
  private static final Pattern VENDOR_OR_CLASS =
      Pattern.compile("[A-Za-z]([A-Za-z0-9_.-]*[A-Za-z0-9])?");
  private static final Pattern DEVICE_NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?");
  private static final Set<String> NODE_TYPES = Set.of("", "b", "c", "u", "p");
  private static final Set<String> HOOK_NAMES =
      Set.of(
          "prestart",
          "createRuntime",
          "createContainer",
          "startContainer",
          "poststart",
          "poststop");
  private static final int MAX_CLOS_ID_CHARS = 4095;

  private SpecRules() {}

  static void check(SpecFile file) throws CdiException {
    FormatVersion.check(file);
    int slash = file.kind().indexOf('/');
    require(
        slash > 0
            && VENDOR_OR_CLASS.matcher(file.kind().substring(0, slash)).matches()
            && VENDOR_OR_CLASS.matcher(file.kind().substring(slash + 1)).matches(),
        "invalid kind \"" + file.kind() + "\": it must be vendor/class");
    check(file.edits());
    require(!file.devices().isEmpty(), "there are no devices");
    Set<String> names = new HashSet<>();
    for (SpecFile.Entry device : file.devices()) {
      String name = device.name();
      require(DEVICE_NAME.matcher(name).matches(), "invalid device name \"" + name + "\"");
      require(names.add(name), "more than one device is named \"" + name + "\"");
      require(!device.edits().isEmpty(), "device \"" + name + "\" has no edits");
      check(device.edits());
    }
  }

  private static void check(ContainerEdits edits) throws CdiException {
    checkEnv(edits.env());
    for (DeviceNode node : edits.deviceNodes()) {
      require(!node.path().isEmpty(), "a device node has no path");
      require(
          NODE_TYPES.contains(node.type()),
          "device node \"" + node.path() + "\" has an invalid type \"" + node.type() + "\"");
      require(
          node.permissions().matches("[rwm]*"),
          "device node \"" + node.path() + "\" has invalid permissions");
    }
    for (Hook hook : edits.hooks()) {
      require(HOOK_NAMES.contains(hook.name()), "invalid hook name \"" + hook.name() + "\"");
      require(!hook.path().isEmpty(), "hook \"" + hook.name() + "\" has no path");
      checkEnv(hook.env());
    }
    for (ContainerEdits.HostMount mount : edits.mounts()) {
      require(!mount.hostPath().isEmpty(), "a mount has no path on the host");
      require(!mount.containerPath().isEmpty(), "a mount has no path in the container");
    }
    IntelRdt rdt = edits.intelRdt();
    if (rdt != null) {
      checkClosId(rdt.closId());
    }
    checkNetDevices(edits.netDevices());
  }

  private static void checkEnv(List<String> env) throws CdiException {
    for (String variable : env) {
      require(variable.indexOf('=') > 0, "invalid environment variable \"" + variable + "\"");
    }
  }

  private static void checkClosId(String id) throws CdiException {
    boolean fileName =
        id.length() <= MAX_CLOS_ID_CHARS
            && Stream.of(".", "..").noneMatch(id::equals)
            && id.indexOf('/') < 0
            && id.indexOf('\n') < 0;
    require(id.equals("/") || fileName, "invalid closID");
  }

  private static void checkNetDevices(List<NetDevice> devices) throws CdiException {
    Set<String> onHost = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (NetDevice device : devices) {
      require(
          !device.hostInterfaceName().isEmpty() && !device.name().isEmpty(),
          "a network device has no name");
      require(
          onHost.add(device.hostInterfaceName()) && names.add(device.name()),
          "network device \"" + device.hostInterfaceName() + "\" is there twice");
    }
  }

  private static void require(boolean holds, String otherwise) throws CdiException {
    if (!holds) {
      throw new CdiException(otherwise);
    }
  }
}
