package dev.kiln.daemon.device;

import dev.kiln.dockerfile.text.CsvFields;
import dev.kiln.executor.cdi.CdiException;
import dev.kiln.solver.llb.InvalidLlbException;
import dev.kiln.solver.pb.CDIDevice;
import dev.kiln.solver.pb.ExecOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The devices that a client lets its build use. Immutable.
 *
 * @param all whether it may use every device
 * @param names devices by name as in a step
 * @param aliases names that steps use for other names
 */
public record DeviceGrants(boolean all, Set<String> names, Map<String, String> aliases) {
  /** No device but those that every build may use. */
  public static final DeviceGrants NONE = new DeviceGrants(false, Set.of(), Map.of());

  public DeviceGrants {
    names = Set.copyOf(names);
    aliases = Map.copyOf(aliases);
  }

  /**
   * Reads the value of a {@code device} entitlement: {@code NAME[,alias=ALIAS]}, or nothing for all
   * devices.
   *
   * @throws IllegalArgumentException when it has another form
   */
  public static DeviceGrants parse(String value) {
    if (value.isEmpty()) {
      return new DeviceGrants(true, Set.of(), Map.of());
    }
    List<String> fields = CsvFields.of(value);
    String alias = "";
    for (String field : fields.subList(1, fields.size())) {
      int equals = field.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("invalid device config \"" + field + "\"");
      }
      String key = field.substring(0, equals);
      if (!key.equals("alias")) {
        throw new IllegalArgumentException("unknown device config key \"" + key + "\"");
      }
      alias = field.substring(equals + 1);
    }
    String name = fields.getFirst();
    return alias.isEmpty()
        ? new DeviceGrants(false, Set.of(name), Map.of())
        : new DeviceGrants(false, Set.of(), Map.of(alias, name));
  }

  /** These and others. */
  public DeviceGrants plus(DeviceGrants other) {
    Set<String> bothNames = new HashSet<>(names);
    bothNames.addAll(other.names);
    Map<String, String> bothAliases = new HashMap<>(aliases);
    bothAliases.putAll(other.aliases);
    return new DeviceGrants(all || other.all, bothNames, bothAliases);
  }

  /**
   * Replaces the devices of a step by those that it gets. The names that are left count for the
   * step's cache key.
   *
   * @throws InvalidLlbException when it may not have one, or one does not exist
   */
  public ExecOp check(ExecOp op, Devices devices) throws InvalidLlbException {
    if (all || op.getCdiDevicesCount() == 0) {
      return op;
    }
    List<CDIDevice> given = new ArrayList<>();
    List<CDIDevice> plain = new ArrayList<>();
    for (CDIDevice device : op.getCdiDevicesList()) {
      String other = aliases.get(device.getName());
      if (other == null) {
        plain.add(device);
      } else {
        given.add(device.toBuilder().setName(other).build());
      }
    }
    for (String name : allowed(plain, devices)) {
      given.add(CDIDevice.newBuilder().setName(name).build());
    }
    return op.toBuilder().clearCdiDevices().addAllCdiDevices(given).build();
  }

  private List<String> allowed(List<CDIDevice> wanted, Devices devices) throws InvalidLlbException {
    try {
      List<String> found = devices.resolve(wanted);
      Set<String> granted = new HashSet<>(devices.resolve(optional(names)));
      granted.addAll(devices.autoAllowed());
      List<String> refused = found.stream().filter(name -> !granted.contains(name)).toList();
      if (!refused.isEmpty()) {
        throw new InvalidLlbException(refusal(refused));
      }
      return found;
    } catch (CdiException e) {
      throw new InvalidLlbException(String.valueOf(e.getMessage()));
    }
  }

  private static List<CDIDevice> optional(Set<String> names) {
    return names.stream()
        .map(name -> CDIDevice.newBuilder().setName(name).setOptional(true).build())
        .toList();
  }

  private static String refusal(List<String> names) {
    String flags =
        names.stream().map(name -> "--allow device=" + name).collect(Collectors.joining(" "));
    return (names.size() == 1 ? "device " : "devices ")
        + String.join(", ", names)
        + (names.size() == 1 ? " is" : " are")
        + " requested by the build but not allowed; grant it with the client's "
        + flags;
  }
}
