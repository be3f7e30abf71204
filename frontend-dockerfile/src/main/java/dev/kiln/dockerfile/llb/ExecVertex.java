package dev.kiln.dockerfile.llb;

import dev.kiln.dockerfile.shell.EnvList;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SecurityMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A process. Its mounts are sorted by target; the root is one of them. */
final class ExecVertex implements Vertex {

  static final String ROOT = "/";

  private final State base;
  private final Exec exec;
  private final Constraints constraints;
  private final List<ExecMount> mounts;

  ExecVertex(State base, Exec exec, Constraints constraints) {
    if (exec.args().isEmpty()) {
      throw new IllegalArgumentException("arguments are required");
    }
    this.base = base;
    this.exec = exec;
    this.constraints = constraints.needing(capabilities(exec, constraints, network(base, exec)));
    List<ExecMount> all = new ArrayList<>();
    all.add(new ExecMount.Bind(ROOT, base, "", true));
    all.addAll(exec.mounts());
    all.sort(Comparator.comparing(ExecMount::target));
    this.mounts = List.copyOf(all);
  }

  /**
   * Which output a mount is, counted in the order of targets.
   *
   * @throws IllegalArgumentException if what is written there is dropped
   */
  int outputIndex(String target) {
    int index = 0;
    for (ExecMount mount : mounts) {
      if (isOutput(mount)) {
        if (mount.target().equals(target)) {
          return index;
        }
        index++;
      }
    }
    throw new IllegalArgumentException("invalid mount: " + target);
  }

  private static boolean isOutput(ExecMount mount) {
    return mount.target().equals(ROOT) || mount instanceof ExecMount.Result;
  }

  private static NetMode network(State base, Exec exec) {
    return exec.network() == null ? base.network() : exec.network();
  }

  @Override
  public List<Output> inputs() {
    Set<Output> inputs = new LinkedHashSet<>();
    for (ExecMount mount : mounts) {
      Output source = source(mount);
      if (source != null) {
        inputs.add(source);
      }
    }
    return List.copyOf(inputs);
  }

  private static @Nullable Output source(ExecMount mount) {
    return switch (mount) {
      case ExecMount.Bind bind -> bind.source().output();
      case ExecMount.Cache cache -> cache.source().output();
      case ExecMount.Tmpfs tmpfs -> null;
      case ExecMount.Result result -> null;
    };
  }

  @Override
  public MarshalledOp marshal(MarshalContext context) {
    Map<Input, Integer> indexes = new LinkedHashMap<>();
    ExecOp.Builder op =
        ExecOp.newBuilder()
            .setMeta(meta())
            .setNetwork(network(base, exec))
            .setSecurity(exec.security())
            .addAllCdiDevices(exec.devices());
    int outputs = 0;
    for (ExecMount mount : mounts) {
      int output = isOutput(mount) ? outputs++ : ExecMountWire.NONE;
      op.addMounts(ExecMountWire.of(mount, index(context, mount, indexes), output));
    }
    for (ExecMount.Secret secret : exec.secrets()) {
      ExecMountWire.add(op, secret);
    }
    for (int i = 0; i < exec.ssh().size(); i++) {
      op.addMounts(ExecMountWire.of(exec.ssh().get(i), sshTarget(i)));
    }
    Platform platform = constraints.platform() == null ? base.platform() : constraints.platform();
    Op whole = context.newOp(true, platform).addAllInputs(indexes.keySet()).setExec(op).build();
    return context.finish(whole, constraints);
  }

  private static int index(MarshalContext context, ExecMount mount, Map<Input, Integer> indexes) {
    Output source = source(mount);
    if (source == null) {
      return ExecMountWire.NONE;
    }
    Input input = context.input(source);
    Integer known = indexes.putIfAbsent(input, indexes.size());
    return known == null ? indexes.size() - 1 : known;
  }

  private String sshTarget(int position) {
    String target = exec.ssh().get(position).target();
    return target.isEmpty() ? "/run/buildkit/ssh_agent." + position : target;
  }

  private Meta meta() {
    EnvList env = base.env();
    if (!exec.ssh().isEmpty() && env.get("SSH_AUTH_SOCK") == null) {
      env = env.with("SSH_AUTH_SOCK", sshTarget(0));
    }
    Meta.Builder meta =
        Meta.newBuilder()
            .addAllArgs(exec.args())
            .addAllEnv(env.entries())
            .setCwd(base.dir())
            .setUser(base.user())
            .setHostname(base.hostname())
            .setCgroupParent(exec.cgroupParent())
            .setRemoveMountStubsRecursive(true)
            .addAllExtraHosts(exec.extraHosts())
            .addAllUlimit(exec.ulimits());
    if (exec.proxy() != null) {
      meta.setProxyEnv(exec.proxy());
    }
    return meta.build();
  }

  private String[] capabilities(Exec process, Constraints said, NetMode network) {
    Set<String> needed = new LinkedHashSet<>();
    needed.add("exec.meta.base");
    needed.add("exec.meta.setsdefaultpath");
    if (base.output() != null) {
      needed.add("exec.mount.bind");
    }
    addIf(needed, "exec.meta.linux.resources", said.metadata().hasLinuxResources());
    addIf(needed, "exec.meta.ulimit", !process.ulimits().isEmpty());
    addIf(needed, "exec.meta.network", network != NetMode.UNSET);
    addIf(needed, "exec.meta.security", process.security() == SecurityMode.INSECURE);
    addIf(needed, "exec.meta.proxyenv", process.proxy() != null);
    addIf(needed, "exec.meta.cdi", !process.devices().isEmpty());
    addIf(needed, "exec.mount.secret", !process.secrets().isEmpty());
    addIf(
        needed,
        "exec.secretenv",
        process.secrets().stream().anyMatch(secret -> secret.variable() != null));
    addIf(needed, "exec.mount.ssh", !process.ssh().isEmpty());
    process.mounts().forEach(mount -> addCapabilities(needed, mount));
    return needed.toArray(String[]::new);
  }

  private static void addCapabilities(Set<String> needed, ExecMount mount) {
    switch (mount) {
      case ExecMount.Bind bind -> {
        addIf(needed, "exec.mount.selector", !bind.selector().isEmpty());
        addIf(needed, "exec.mount.bind", !bind.source().isScratch());
      }
      case ExecMount.Cache cache -> {
        addIf(needed, "exec.mount.selector", !cache.selector().isEmpty());
        needed.add("exec.mount.cache");
        needed.add("exec.mount.cache.sharing");
      }
      case ExecMount.Tmpfs tmpfs -> {
        needed.add("exec.mount.tmpfs");
        addIf(needed, "exec.mount.tmpfs.size", tmpfs.sizeBytes() > 0);
      }
      case ExecMount.Result result -> {}
    }
  }

  private static void addIf(Set<String> needed, String capability, boolean condition) {
    if (condition) {
      needed.add(capability);
    }
  }
}
