package dev.kiln.daemon.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A flag of the daemon's command line.
 *
 * @param help empty means that the flag is read but not listed
 * @param effective whether Kiln does anything with it
 */
record Flag(String name, Kind kind, String help, boolean effective) {
  /** What follows a flag. */
  enum Kind {
    /** Nothing, or {@code =true} or {@code =false}. */
    SWITCH,
    /** One text; given again, the last one counts. */
    TEXT,
    /** One whole number. */
    NUMBER,
    /** One text each time that it is given. */
    LIST
  }

  private static final List<Flag> ALL =
      List.of(
          text(
              "config",
              "configuration file (default /etc/kiln/kilnd.toml, else"
                  + " /etc/buildkit/buildkitd.toml)"),
          text("root", "state directory (default /var/lib/kiln)"),
          list(
              "addr",
              "address to listen on: unix://, tcp:// or fd:// (default"
                  + " unix:///run/kiln/kilnd.sock)"),
          text("group", "group (name or id) that owns Unix sockets"),
          text("tlscert", "certificate for tcp addresses"),
          text("tlskey", "key of that certificate"),
          text("tlscacert", "authority that must have signed clients' certificates"),
          toggle("debug", "write debug output to the log"),
          hidden("trace", Kind.SWITCH),
          text(
              "log-level", "trace, debug, info, warn or error (default info; BUILDKITD_LOG_LEVEL)"),
          text("log-format", "text or json (default text)"),
          text("debugaddr", "HTTP address for metrics and debugging (BUILDKITD_DEBUGADDR)"),
          toggle("rootless", "use defaults that suit an unprivileged user"),
          list(
              "allow-insecure-entitlement",
              "let builds ask for network.host, security.insecure or device"),
          toggle("proxy-network", "send the web traffic of all builds through a recording proxy"),
          text("otel-socket-path", "socket on which steps may send spans (default: none)"),
          toggle("cdi-disabled", "no devices by the Container Device Interface"),
          list(
              "cdi-spec-dir",
              "directory with device specifications (default /etc/cdi, /var/run/cdi,"
                  + " /etc/buildkit/cdi)"),
          toggle("save-cache-debug", "keep what cache keys were made of"),
          text("idle-timeout", "end after this long without a call, such as 15m (default: never)"),
          text("oci-worker", "run steps: true, false or auto (default auto)"),
          list("oci-worker-labels", "label of the worker, key=value"),
          text("oci-worker-snapshotter", "auto, overlayfs or native (default auto)"),
          ineffective("oci-worker-proxy-snapshotter-path", Kind.TEXT),
          list("oci-worker-platform", "platform to offer instead of those found"),
          text("oci-worker-net", "network of steps: auto, bridge, cni or host (default auto)"),
          text("oci-cni-config-path", "CNI configuration (default /etc/buildkit/cni.json)"),
          text("oci-cni-binary-dir", "CNI plugins (default /opt/cni/bin)"),
          number("oci-cni-pool-size", "network namespaces to keep ready"),
          text("oci-worker-binary", "OCI runtime (default buildkit-runc, then runc)"),
          text("oci-worker-apparmor-profile", "AppArmor profile of steps"),
          toggle("oci-worker-selinux", "label steps for SELinux"),
          number("oci-max-parallelism", "steps at once; 0 means no limit"),
          toggle("oci-worker-rootless", "run steps without privileges"),
          toggle("oci-worker-no-process-sandbox", "run steps in the host's process namespace"),
          toggle("oci-worker-gc", "collect what is not used (default true)"),
          text("oci-worker-gc-keepstorage", "Reserved[,Free[,Maximum]] in MB, or percentages"),
          ineffective("containerd-worker", Kind.TEXT),
          ineffective("containerd-worker-addr", Kind.TEXT),
          ineffective("containerd-worker-labels", Kind.LIST),
          ineffective("containerd-worker-platform", Kind.LIST),
          ineffective("containerd-worker-namespace", Kind.TEXT),
          ineffective("containerd-worker-runtime", Kind.TEXT),
          ineffective("containerd-worker-net", Kind.TEXT),
          ineffective("containerd-worker-snapshotter", Kind.TEXT),
          ineffective("containerd-worker-apparmor-profile", Kind.TEXT),
          ineffective("containerd-worker-selinux", Kind.SWITCH),
          ineffective("containerd-worker-rootless", Kind.SWITCH),
          ineffective("containerd-worker-gc", Kind.SWITCH),
          ineffective("containerd-worker-gc-keepstorage", Kind.TEXT),
          ineffective("containerd-cni-config-path", Kind.TEXT),
          ineffective("containerd-cni-binary-dir", Kind.TEXT),
          ineffective("containerd-cni-pool-size", Kind.NUMBER),
          ineffective("containerd-max-parallelism", Kind.NUMBER),
          toggle("version", "print the version"),
          toggle("help", "print this text"),
          hidden("v", Kind.SWITCH),
          hidden("h", Kind.SWITCH));

  private static final Map<String, Flag> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Flag::name, Function.identity()));

  private static Flag text(String name, String help) {
    return new Flag(name, Kind.TEXT, help, true);
  }

  private static Flag number(String name, String help) {
    return new Flag(name, Kind.NUMBER, help, true);
  }

  private static Flag list(String name, String help) {
    return new Flag(name, Kind.LIST, help, true);
  }

  private static Flag toggle(String name, String help) {
    return new Flag(name, Kind.SWITCH, help, true);
  }

  private static Flag hidden(String name, Kind kind) {
    return new Flag(name, kind, "", true);
  }

  /** Read so that start scripts go on working. */
  private static Flag ineffective(String name, Kind kind) {
    return new Flag(name, kind, "", false);
  }

  static Optional<Flag> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The text of {@code --help}. */
  static String help(String program) {
    StringBuilder out = new StringBuilder("usage: " + program + " [flags]\n\n");
    for (Flag flag : ALL) {
      if (!flag.help.isEmpty()) {
        String value = flag.kind == Kind.SWITCH ? "" : flag.kind == Kind.NUMBER ? " N" : " VALUE";
        String repeat = flag.kind == Kind.LIST ? " (may be given several times)" : "";
        out.append(String.format("  --%-38s %s%s%n", flag.name + value, flag.help, repeat));
      }
    }
    return out.append(
            "\nBuildKit's flags for a containerd worker are accepted and have no effect.\n")
        .toString();
  }
}
