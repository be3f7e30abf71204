package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.CDIDevice;
import dev.kiln.solver.pb.HostIP;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.ProxyEnv;
import dev.kiln.solver.pb.SecurityMode;
import dev.kiln.solver.pb.Ulimit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process to run in a state. Environment, directory and user are the state's.
 *
 * @param mounts what it sees beside the root
 * @param network or null for the state's
 * @param proxy variables outside the cache key, or null
 */
public record Exec(
    List<String> args,
    List<ExecMount> mounts,
    List<ExecMount.Secret> secrets,
    List<ExecMount.Ssh> ssh,
    @Nullable NetMode network,
    SecurityMode security,
    @Nullable ProxyEnv proxy,
    List<HostIP> extraHosts,
    List<Ulimit> ulimits,
    List<CDIDevice> devices,
    String cgroupParent) {

  public Exec {
    args = List.copyOf(args);
    mounts = List.copyOf(mounts);
    secrets = List.copyOf(secrets);
    ssh = List.copyOf(ssh);
    extraHosts = List.copyOf(extraHosts);
    ulimits = List.copyOf(ulimits);
    devices = List.copyOf(devices);
  }

  /** Collects the parts of a process. */
  public static final class Builder {
    private final List<String> args;
    private final List<ExecMount> mounts = new ArrayList<>();
    private final List<ExecMount.Secret> secrets = new ArrayList<>();
    private final List<ExecMount.Ssh> ssh = new ArrayList<>();
    private final List<CDIDevice> devices = new ArrayList<>();
    private List<HostIP> extraHosts = List.of();
    private List<Ulimit> ulimits = List.of();
    private @Nullable NetMode network;
    private SecurityMode security = SecurityMode.SANDBOX;
    private @Nullable ProxyEnv proxy;
    private String cgroupParent = "";

    public Builder(List<String> args) {
      this.args = args;
    }

    public Builder mount(ExecMount mount) {
      mounts.add(mount);
      return this;
    }

    public Builder secret(ExecMount.Secret secret) {
      secrets.add(secret);
      return this;
    }

    public Builder ssh(ExecMount.Ssh socket) {
      ssh.add(socket);
      return this;
    }

    public Builder devices(List<CDIDevice> added) {
      devices.addAll(added);
      return this;
    }

    public Builder network(NetMode mode) {
      network = mode;
      return this;
    }

    public Builder security(SecurityMode mode) {
      security = mode;
      return this;
    }

    public Builder proxy(@Nullable ProxyEnv env) {
      proxy = env;
      return this;
    }

    public Builder extraHosts(List<HostIP> hosts) {
      extraHosts = hosts;
      return this;
    }

    public Builder ulimits(List<Ulimit> limits) {
      ulimits = limits;
      return this;
    }

    public Builder cgroupParent(String parent) {
      cgroupParent = parent;
      return this;
    }

    public Exec build() {
      return new Exec(
          args,
          mounts,
          secrets,
          ssh,
          network,
          security,
          proxy,
          extraHosts,
          ulimits,
          devices,
          cgroupParent);
    }
  }
}
