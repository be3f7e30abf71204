package dev.kiln.daemon.config;

import dev.kiln.daemon.trace.otlp.OtlpEnvironment;
import dev.kiln.daemon.worker.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the daemon's configuration from its command line, its environment and its configuration
 * file.
 */
public final class ConfigLoader {
  private static final List<Path> FILES =
      List.of(Path.of("/etc/kiln/kilnd.toml"), Path.of("/etc/buildkit/buildkitd.toml"));
  private static final List<String> DEVICE_DIRECTORIES =
      List.of("/etc/cdi", "/var/run/cdi", "/etc/buildkit/cdi");
  private static final Set<String> LEVELS =
      Set.of("trace", "debug", "info", "warn", "warning", "error", "fatal", "panic");
  private static final Path GROUPS = Path.of("/etc/group");

  private final Map<String, String> environment;
  private final List<String> notices = new ArrayList<>();

  private ConfigLoader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads a command line and the files that it names.
   *
   * @param program the name that the program was started by, for its help
   * @throws ConfigException if the daemon cannot start with it
   */
  public static Launch load(String program, String[] arguments, Map<String, String> environment)
      throws ConfigException {
    CommandLine line = CommandLine.parse(arguments);
    if (line.flag("help").orElse(false) || line.flag("h").orElse(false)) {
      return new Launch.Help(Flag.help(program));
    }
    if (line.flag("version").orElse(false) || line.flag("v").orElse(false)) {
      return new Launch.Version();
    }
    return new Launch.Run(new ConfigLoader(environment).merge(line));
  }

  private KilndConfig merge(CommandLine line) throws ConfigException {
    boolean rootless = line.flag("rootless").orElse(false);
    TomlSection file =
        ConfigFile.read(line.text("config").map(Path::of).orElseGet(() -> defaultFile(rootless)));
    TomlSection grpc = file.section("grpc");
    TomlSection system = file.section("system");
    List<String> addresses = line.list("addr").orElse(grpc.texts("address"));
    Path root = file.path("root").orElseGet(() -> defaultRoot(rootless));
    KilndConfig config =
        new KilndConfig(
            line.text("root").map(Path::of).orElse(root),
            addresses.isEmpty() ? List.of(defaultAddress(rootless)) : addresses,
            socketOwner(line, grpc),
            tls(line, grpc.section("tls")),
            line.text("debugaddr")
                .or(() -> env("BUILDKITD_DEBUGADDR"))
                .orElse(grpc.text("debugAddress").orElse("")),
            log(line, file),
            entitlements(line, file),
            toggle(line, "proxy-network", file.flag("proxyNetwork")),
            rootless,
            new WorkerSettings(line, file.section("worker").section("oci"), rootless).read(),
            ConfigFile.registries(file),
            ConfigFile.dns(file),
            ConfigFile.history(file),
            cdi(line, file.section("cdi")),
            ConfigFile.frontends(file),
            platformsAge(system),
            file.path("provenanceEnvDir").orElse(Path.of("/etc/buildkit/provenance.d/")),
            line.flag("save-cache-debug").orElse(false),
            idleTimeout(line),
            otel(line, file.section("otel")),
            List.of());
    noteIneffective(line, file);
    return config.withNotices(notices);
  }

  private Optional<String> env(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private Path home(String variable, String below) {
    return env(variable).map(Path::of).orElseGet(() -> Path.of(env("HOME").orElse("/root"), below));
  }

  private Path defaultFile(boolean rootless) {
    if (rootless) {
      Path config = home("XDG_CONFIG_HOME", ".config");
      Path own = config.resolve("kiln/kilnd.toml");
      return Files.exists(own) ? own : config.resolve("buildkit/buildkitd.toml");
    }
    return FILES.stream().filter(Files::exists).findFirst().orElse(FILES.getFirst());
  }

  private Path defaultRoot(boolean rootless) {
    return rootless
        ? home("XDG_DATA_HOME", ".local/share").resolve("kiln")
        : Path.of("/var/lib/kiln");
  }

  private String defaultAddress(boolean rootless) {
    String run = rootless ? env("XDG_RUNTIME_DIR").orElse("/run") : "/run";
    return "unix://" + run + "/kiln/kilnd.sock";
  }

  private static KilndConfig.SocketOwner socketOwner(CommandLine line, TomlSection grpc)
      throws ConfigException {
    Optional<Integer> uid = grpc.number("uid").map(Long::intValue);
    Optional<Integer> gid = grpc.number("gid").map(Long::intValue);
    Optional<String> group = line.text("group").filter(name -> !name.isEmpty());
    return new KilndConfig.SocketOwner(
        uid, group.isPresent() ? Optional.of(groupId(group.get())) : gid);
  }

  private static int groupId(String group) throws ConfigException {
    if (group.matches("\\d{1,9}")) {
      return Integer.parseInt(group);
    }
    try {
      for (String entry : Files.readAllLines(GROUPS)) {
        String[] fields = entry.split(":", -1);
        if (fields.length > 2 && fields[0].equals(group)) {
          return Integer.parseInt(fields[2]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      throw new ConfigException(
          "could not look up group " + group + " in " + GROUPS + ": " + e.getMessage());
    }
    throw new ConfigException("flag --group: group " + group + " does not exist");
  }

  private static KilndConfig.Tls tls(CommandLine line, TomlSection table) throws ConfigException {
    Optional<Path> certificate = table.path("cert");
    Optional<Path> key = table.path("key");
    Optional<Path> authority = table.path("ca");
    return new KilndConfig.Tls(
        line.text("tlscert").map(Path::of).or(() -> certificate),
        line.text("tlskey").map(Path::of).or(() -> key),
        line.text("tlscacert").map(Path::of).or(() -> authority));
  }

  private KilndConfig.Log log(CommandLine line, TomlSection file) throws ConfigException {
    TomlSection table = file.section("log");
    String level = table.text("level").or(() -> env("BUILDKITD_LOG_LEVEL")).orElse("info");
    if (file.flag("debug").orElse(false)) {
      notices.add(
          "'debug' configuration option is deprecated, use 'log.level = \"debug\"' instead");
      level = table.text("level").orElse("debug");
    }
    if (file.flag("trace").orElse(false)) {
      notices.add(
          "'trace' configuration option is deprecated, use 'log.level = \"trace\"' instead");
      level = table.text("level").orElse("trace");
    }
    if (line.flag("debug").orElse(false)) {
      level = "debug";
    }
    if (line.flag("trace").orElse(false)) {
      notices.add("--trace option is deprecated; use --log-level=trace instead");
      level = "trace";
    }
    level = line.text("log-level").orElse(level);
    if (!LEVELS.contains(level)) {
      throw new ConfigException(
          "unsupported log level \"" + level + "\": choose trace, debug, info, warn or error");
    }
    String format = line.text("log-format").orElse(table.text("format").orElse("text"));
    if (!format.isEmpty() && !format.equals("text") && !format.equals("json")) {
      throw new ConfigException("unsupported log type \"" + format + "\": choose text or json");
    }
    return new KilndConfig.Log(format.isEmpty() ? "text" : format, slf4jLevel(level));
  }

  private static String slf4jLevel(String level) {
    return switch (level) {
      case "warning" -> "warn";
      case "fatal", "panic" -> "error";
      default -> level;
    };
  }

  private static Set<String> entitlements(CommandLine line, TomlSection file)
      throws ConfigException {
    List<String> configured = file.texts("insecure-entitlements");
    Set<String> out =
        new LinkedHashSet<>(line.list("allow-insecure-entitlement").orElse(configured));
    // Devices need no word of the operator: what every build may do to them is said one by one.
    if (!devicesDisabled(line, file.section("cdi"))) {
      out.add("device");
    }
    for (String name : out) {
      if (!Set.of("network.host", "security.insecure", "device").contains(name)) {
        throw new ConfigException("unknown entitlement " + name);
      }
    }
    return out;
  }

  private static boolean toggle(CommandLine line, String flag, Optional<Boolean> configured) {
    return line.flag(flag).or(() -> configured).orElse(false);
  }

  private static KilndConfig.Cdi cdi(CommandLine line, TomlSection table) throws ConfigException {
    List<String> configured = table.texts("specDirs");
    List<String> directories =
        line.list("cdi-spec-dir").orElse(configured.isEmpty() ? DEVICE_DIRECTORIES : configured);
    return new KilndConfig.Cdi(
        devicesDisabled(line, table), ConfigFile.paths(directories), table.texts("autoAllowed"));
  }

  private static boolean devicesDisabled(CommandLine line, TomlSection table)
      throws ConfigException {
    return toggle(line, "cdi-disabled", table.flag("disabled"));
  }

  private static Duration platformsAge(TomlSection system) throws ConfigException {
    Duration age = system.duration("platformsCacheMaxAge");
    return age.isZero() ? Duration.ofSeconds(20) : age;
  }

  private static Duration idleTimeout(CommandLine line) throws ConfigException {
    try {
      return GoTexts.duration(line.text("idle-timeout").orElse(""));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("flag --idle-timeout: " + e.getMessage());
    }
  }

  private KilndConfig.Otel otel(CommandLine line, TomlSection table) throws ConfigException {
    Optional<String> configured = table.text("socketPath");
    Optional<Path> socket =
        line.text("otel-socket-path")
            .or(() -> configured)
            .filter(path -> !path.isEmpty())
            .map(path -> Path.of(path).toAbsolutePath().normalize());
    OtlpEnvironment variables = new OtlpEnvironment(environment);
    try {
      return new KilndConfig.Otel(variables.collector(), variables.resource(Version.KILN), socket);
    } catch (IllegalArgumentException e) {
      if (!variables.ignoresErrors()) {
        throw new ConfigException(String.valueOf(e.getMessage()));
      }
      notices.add("traces go to no collector: " + e.getMessage());
      return new KilndConfig.Otel(
          Optional.empty(), new OtlpEnvironment(Map.of()).resource(Version.KILN), socket);
    }
  }

  /** Names once what was said and has no effect, so that nobody looks for it elsewhere. */
  private void noteIneffective(CommandLine line, TomlSection file) throws ConfigException {
    for (String name : line.values().keySet()) {
      boolean effective = Flag.find(name).map(Flag::effective).orElse(true);
      if (!effective && !line.text(name).equals(Optional.of("false"))) {
        notices.add("flag --" + name + " has no effect");
      }
    }
    note(file.section("worker"), "containerd");
    note(
        file.section("worker").section("oci"),
        "stargzSnapshotter",
        "proxySnapshotterPath",
        "userRemapUnsupported");
    note(file.section("grpc"), "securityDescriptor");
    note(file, "cache");
    notices.addAll(file.unknown());
  }

  private void note(TomlSection table, String... keys) {
    for (String key : keys) {
      if (table.ignores(key)) {
        notices.add(table.placeOf(key) + " has no effect");
      }
    }
  }
}
