package dev.kiln.daemon.config;

import dev.kiln.registry.host.HostSettings;
import dev.kiln.registry.host.RegistryConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads the parts of a configuration file that no flag can change. */
final class ConfigFile {
  private ConfigFile() {}

  /**
   * Parses a file; one that is not there is empty.
   *
   * @throws ConfigException if it cannot be read or is no TOML
   */
  static TomlSection read(Path file) throws ConfigException {
    try {
      TomlParseResult result = Toml.parse(Files.readString(file));
      if (result.hasErrors()) {
        TomlParseError error = result.errors().getFirst();
        throw new ConfigException(file + ":" + error.position().line() + ": " + error.getMessage());
      }
      return new TomlSection(file, result, "");
    } catch (NoSuchFileException e) {
      return TomlSection.empty(file);
    } catch (IOException e) {
      throw new ConfigException("could not read the configuration from " + file + ": " + e);
    }
  }

  static RegistryConfig registries(TomlSection root) throws ConfigException {
    TomlSection system = root.section("system");
    long concurrency =
        system
            .number("maxRegistryConcurrency")
            .orElse((long) RegistryConfig.DEFAULT_MAX_CONCURRENCY);
    if (concurrency <= 0 || concurrency > Integer.MAX_VALUE) {
      throw system.wrong("maxRegistryConcurrency", "must be greater than zero, not " + concurrency);
    }
    Map<String, HostSettings> hosts = new LinkedHashMap<>();
    TomlSection registries = root.section("registry");
    for (String host : registries.keys()) {
      hosts.put(host, host(registries.section(host)));
    }
    return new RegistryConfig(hosts, (int) concurrency);
  }

  private static HostSettings host(TomlSection table) throws ConfigException {
    List<HostSettings.KeyPairFiles> pairs = new ArrayList<>();
    for (TomlSection pair : table.sections("keypair")) {
      Path certificate =
          pair.path("cert").orElseThrow(() -> pair.wrong("cert", "a key pair needs it"));
      Path key = pair.path("key").orElseThrow(() -> pair.wrong("key", "a key pair needs it"));
      pairs.add(new HostSettings.KeyPairFiles(certificate, key));
    }
    return new HostSettings(
        table.texts("mirrors"),
        table.flag("http"),
        table.flag("insecure"),
        paths(table.texts("ca")),
        paths(table.texts("tlsconfigdir")),
        pairs);
  }

  static KilndConfig.Frontends frontends(TomlSection root) throws ConfigException {
    TomlSection frontends = root.section("frontend");
    TomlSection gateway = frontends.section("gateway.v0");
    return new KilndConfig.Frontends(
        frontends.section("dockerfile.v0").flag("enabled").orElse(true),
        gateway.flag("enabled").orElse(true),
        gateway.texts("allowedRepositories"));
  }

  static KilndConfig.Dns dns(TomlSection root) throws ConfigException {
    TomlSection dns = root.section("dns");
    return new KilndConfig.Dns(
        dns.texts("nameservers"), dns.texts("options"), dns.texts("searchDomains"));
  }

  static KilndConfig.History history(TomlSection root) throws ConfigException {
    TomlSection history = root.section("history");
    return new KilndConfig.History(
        history.duration("maxAge"), history.number("maxEntries").orElse(0L));
  }

  static List<GcPolicy> gcPolicies(TomlSection worker) throws ConfigException {
    List<GcPolicy> policies = new ArrayList<>();
    for (TomlSection policy : worker.sections("gcpolicy")) {
      DiskSpace reserved = policy.diskSpace("reservedSpace");
      DiskSpace former = policy.diskSpace("keepBytes");
      policies.add(
          new GcPolicy(
              policy.flag("all").orElse(false),
              policy.texts("filters"),
              policy.duration("keepDuration"),
              reserved.isUnset() ? former : reserved,
              policy.diskSpace("maxUsedSpace"),
              policy.diskSpace("minFreeSpace")));
    }
    return policies;
  }

  static List<Path> paths(List<String> texts) {
    return texts.stream().map(Path::of).toList();
  }
}
