package dev.kiln.daemon.device;

import dev.kiln.executor.cdi.CdiDevice;
import dev.kiln.executor.cdi.CdiDevices;
import dev.kiln.executor.cdi.CdiException;
import dev.kiln.solver.pb.CDIDevice;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices of this machine and the names by which steps ask for them. Safe for many threads. */
public final class Devices {
  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);
  private static final String CLASS = "org.mobyproject.buildkit.device.class";
  private static final String AUTO_ALLOW = "org.mobyproject.buildkit.device.autoallow";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

  private final CdiDevices described;
  private final Set<String> autoAllowed;

  /**
   * @param autoAllowed qualified names and kinds of devices that every build may use
   */
  public Devices(CdiDevices described, Collection<String> autoAllowed) {
    this.described = described;
    this.autoAllowed = Set.copyOf(autoAllowed);
  }

  /** All devices as clients see them, by name in order. */
  public List<dev.kiln.wire.types.CDIDevice> records() {
    return described.list().stream()
        .map(
            device ->
                dev.kiln.wire.types.CDIDevice.newBuilder()
                    .setName(device.qualifiedName())
                    .setAutoAllow(isAutoAllowed(device))
                    .putAllAnnotations(device.annotations())
                    .build())
        .toList();
  }

  /** The qualified names of the devices that every build may use. */
  Set<String> autoAllowed() {
    Set<String> names = new LinkedHashSet<>();
    for (CdiDevice device : described.list()) {
      if (isAutoAllowed(device)) {
        names.add(device.qualifiedName());
      }
    }
    return names;
  }

  private boolean isAutoAllowed(CdiDevice device) {
    return autoAllowed.contains(device.qualifiedName())
        || autoAllowed.contains(device.kind())
        || TRUE.contains(device.annotations().getOrDefault(AUTO_ALLOW, ""));
  }

  /**
   * Finds what names stand for: a device by {@code vendor/class=name}, all of a kind by {@code
   * vendor/class=*}, the first of a kind by {@code vendor/class}, and all that are annotated with a
   * class by the class.
   *
   * @return qualified names, each once
   * @throws CdiException when there is no device for a name that is not optional
   */
  public List<String> resolve(List<CDIDevice> wanted) throws CdiException {
    if (wanted.isEmpty()) {
      return List.of();
    }
    List<CdiDevice> all = described.list();
    Set<String> names = new LinkedHashSet<>();
    for (CDIDevice each : wanted) {
      List<String> found = find(each.getName(), all);
      if (found.isEmpty() && !each.getOptional()) {
        throw new CdiException("required device \"" + each.getName() + "\" is not registered");
      }
      if (found.isEmpty()) {
        LOG.warn("optional device {} is not registered", each.getName());
      }
      names.addAll(found);
    }
    return List.copyOf(names);
  }

  private static List<String> find(String name, List<CdiDevice> all) {
    int equals = name.indexOf('=');
    String kind = equals < 0 ? name : name.substring(0, equals);
    String within = equals < 0 ? "" : name.substring(equals + 1);
    List<String> found =
        all.stream()
            .filter(device -> device.kind().equals(kind))
            .filter(device -> Set.of("", "*", device.name()).contains(within))
            .map(CdiDevice::qualifiedName)
            .limit(within.equals("*") ? Long.MAX_VALUE : 1)
            .toList();
    if (!found.isEmpty()) {
      return found;
    }
    return all.stream()
        .filter(device -> name.equals(device.annotations().get(CLASS)))
        .map(CdiDevice::qualifiedName)
        .toList();
  }
}
