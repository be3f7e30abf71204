package dev.kiln.daemon.build;

import dev.kiln.daemon.device.DeviceGrants;
import dev.kiln.daemon.device.Devices;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.solver.llb.InvalidLlbException;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.SecurityMode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a build may do beyond the ordinary: the network of the host, insecure steps, devices.
 * Granted when the client asks and the daemon's configuration allows it (daemon.md, section 5).
 * Immutable.
 */
public final class Entitlements {
  public static final String NETWORK_HOST = "network.host";
  public static final String SECURITY_INSECURE = "security.insecure";
  public static final String DEVICE = "device";

  private final Set<String> granted;
  private final DeviceGrants deviceGrants;
  private final Devices devices;

  private Entitlements(Set<String> granted, DeviceGrants deviceGrants, Devices devices) {
    this.granted = Set.copyOf(granted);
    this.deviceGrants = deviceGrants;
    this.devices = devices;
  }

  /**
   * Checks what a client asks for.
   *
   * @param allowed what the daemon's configuration allows
   * @param devices the devices that there are
   * @throws BuildFailure for an unknown entitlement or one that is not allowed
   */
  public static Entitlements grant(List<String> asked, Set<String> allowed, Devices devices) {
    Set<String> granted = new HashSet<>();
    DeviceGrants deviceGrants = DeviceGrants.NONE;
    for (String each : asked) {
      String name = each.startsWith(DEVICE + "=") ? DEVICE : each;
      switch (name) {
        case NETWORK_HOST, SECURITY_INSECURE, DEVICE -> {
          if (!allowed.contains(name)) {
            throw BuildFailure.of(
                "granting entitlement "
                    + name
                    + " is not allowed by build daemon configuration; start the daemon with"
                    + " --allow-insecure-entitlement "
                    + name
                    + " to allow it",
                null);
          }
          granted.add(name);
          if (name.equals(DEVICE)) {
            deviceGrants = deviceGrants.plus(deviceGrants(each));
          }
        }
        default -> throw BuildFailure.of("unknown entitlement " + each, null);
      }
    }
    return new Entitlements(granted, deviceGrants, devices);
  }

  private static DeviceGrants deviceGrants(String asked) {
    try {
      return DeviceGrants.parse(asked.equals(DEVICE) ? "" : asked.substring(DEVICE.length() + 1));
    } catch (IllegalArgumentException e) {
      throw BuildFailure.of("could not grant " + asked + ": " + e.getMessage(), e);
    }
  }

  /** Whether the build has an entitlement. */
  public boolean has(String name) {
    return granted.contains(name);
  }

  /** Refuses an op that needs what was not granted; otherwise returns it, its devices resolved. */
  public Op check(Op op, OpMetadata metadata) throws InvalidLlbException {
    if (op.hasExec()) {
      if (op.getExec().getNetwork() == NetMode.HOST && !has(NETWORK_HOST)) {
        throw refused(NETWORK_HOST);
      }
      if (op.getExec().getSecurity() == SecurityMode.INSECURE && !has(SECURITY_INSECURE)) {
        throw refused(SECURITY_INSECURE);
      }
      if (op.getExec().getCdiDevicesCount() > 0) {
        return op.toBuilder().setExec(deviceGrants.check(op.getExec(), devices)).build();
      }
    }
    return op;
  }

  private static InvalidLlbException refused(String name) {
    return new InvalidLlbException(
        name + " is not allowed; grant it with the client's --allow " + name);
  }
}
