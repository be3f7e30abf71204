package dev.kiln.cli.build;

import dev.kiln.cli.engine.DockerEngine;
import dev.kiln.cli.flag.AnnotationSpec;
import dev.kiln.cli.flag.AttestSpec;
import dev.kiln.cli.flag.ByteSize;
import dev.kiln.cli.flag.CacheSpec;
import dev.kiln.cli.flag.CallSpec;
import dev.kiln.cli.flag.Flags;
import dev.kiln.cli.flag.HostList;
import dev.kiln.cli.flag.OutputSpec;
import dev.kiln.cli.flag.PlatformList;
import dev.kiln.cli.flag.SecretSpec;
import dev.kiln.cli.flag.UlimitList;
import dev.kiln.cli.flag.UsageException;
import dev.kiln.cli.progress.StatusSink;
import dev.kiln.registry.image.Platform;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.reference.InvalidReferenceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Understands the flags of a build. */
public final class BuildPlanner {
  private final BuildFlags flags;
  private final Map<String, String> environment;
  private final InputStream stdin;
  private final Supplier<DockerEngine> engine;
  private final StatusSink progress;

  /**
   * @param environment of this process
   * @param engine asked for only if an image is to be loaded
   * @param progress hears of what the client itself does
   */
  public BuildPlanner(
      BuildFlags flags,
      Map<String, String> environment,
      InputStream stdin,
      Supplier<DockerEngine> engine,
      StatusSink progress) {
    this.flags = flags;
    this.environment = environment;
    this.stdin = stdin;
    this.engine = engine;
    this.progress = progress;
  }

  /**
   * The plan, to be closed after the build.
   *
   * @throws UsageException if flags make no sense
   * @throws IOException if files that they name cannot be used
   */
  public SolvePlan plan() throws IOException {
    SolvePlan plan = new SolvePlan();
    try {
      fill(plan);
      return plan;
    } catch (IOException | RuntimeException e) {
      plan.close();
      throw e;
    }
  }

  private void fill(SolvePlan plan) throws IOException {
    String context = flags.context();
    Map<String, String> arguments = arguments();
    arguments.forEach((name, value) -> plan.attributes.put("build-arg:" + name, value));
    Flags.labels(flags.labels).forEach((k, v) -> plan.attributes.put("label:" + k, v));
    frontend(plan, arguments);
    List<Platform> platforms = platforms();
    Map<String, Optional<String>> attests =
        AttestSpec.all(flags.attests, flags.provenance, flags.sbom);
    attest(plan, attests);
    cache(plan, arguments);
    runSettings(plan);
    new ContextInput(plan, context, flags.file, stdin).load();
    new NamedContexts(plan).add(flags.buildContexts);
    if (!platforms.isEmpty()) {
      plan.attributes.put(
          "platform", String.join(",", platforms.stream().map(Platform::formatAll).toList()));
    }
    if (Files.isDirectory(Path.of(context))) {
      new GitFacts(Path.of(context), environment).add(plan);
    }
    plan.secrets.putAll(SecretSpec.all(flags.secrets, environment));
    boolean git = flags.ssh.isEmpty() && RemoteUrl.isGitOverSsh(context);
    new SshAgents(plan, environment).add(git ? List.of("default") : flags.ssh);
    outputs(plan, platforms, attests.values().stream().anyMatch(Optional::isPresent));
  }

  private Map<String, String> arguments() {
    Map<String, String> arguments = new TreeMap<>(Flags.arguments(flags.buildArgs, environment));
    String epoch = environment.getOrDefault("SOURCE_DATE_EPOCH", "");
    if (!epoch.isEmpty()) {
      arguments.putIfAbsent("SOURCE_DATE_EPOCH", epoch);
    }
    DockerProxies.of(environment)
        .forEach(
            (name, value) -> {
              if (arguments.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                arguments.put(name, value);
              }
            });
    return arguments;
  }

  private static void frontend(SolvePlan plan, Map<String, String> arguments) {
    String syntax = arguments.get("BUILDKIT_SYNTAX");
    if (syntax != null) {
      String command = syntax.strip();
      if (command.isEmpty()) {
        throw new UsageException(
            "empty BUILDKIT_SYNTAX build-arg is invalid, use --build-arg BUILDKIT_SYNTAX without"
                + " '=' for optional behavior");
      }
      plan.frontend = "gateway.v0";
      plan.attributes.put("source", command.split(" ", 2)[0]);
      plan.attributes.put("cmdline", syntax);
    }
    if (Flags.isTrue(arguments.getOrDefault("BUILDKIT_MULTI_PLATFORM", ""))) {
      plan.attributes.put("multi-platform", "true");
    }
  }

  private List<Platform> platforms() {
    String ofUser = environment.getOrDefault("DOCKER_DEFAULT_PLATFORM", "");
    return PlatformList.parse(
        flags.platforms.isEmpty() && !ofUser.isEmpty() ? List.of(ofUser) : flags.platforms);
  }

  private void attest(SolvePlan plan, Map<String, Optional<String>> attests) {
    attests.forEach(
        (type, value) -> value.ifPresent(v -> plan.attributes.put("attest:" + type, v)));
    boolean none = Flags.isTrue(environment.getOrDefault("BUILDX_NO_DEFAULT_ATTESTATIONS", ""));
    if (!none && !attests.containsKey("provenance")) {
      plan.attributes.put("attest:provenance", "mode=min,inline-only=true");
    }
  }

  private void cache(SolvePlan plan, Map<String, String> arguments) throws IOException {
    if (flags.noCache && !flags.noCacheFilter.isEmpty()) {
      throw new UsageException(
          "--no-cache and --no-cache-filter cannot currently be used together");
    }
    if (flags.noCache || !flags.noCacheFilter.isEmpty()) {
      plan.attributes.put("no-cache", String.join(",", flags.noCacheFilter));
    }
    if (flags.pull) {
      plan.attributes.put("image-resolve-mode", "pull");
    }
    List<CacheSpec> exports = new ArrayList<>(CacheSpec.all(flags.cacheTo));
    if (Flags.isTrue(arguments.getOrDefault("BUILDKIT_INLINE_CACHE", ""))) {
      exports.add(new CacheSpec("inline", Map.of()));
    }
    new CacheStores(plan, environment).add(CacheSpec.all(flags.cacheFrom), exports);
  }

  private void runSettings(SolvePlan plan) {
    Map<String, String> attributes = plan.attributes;
    flags.allow.stream().filter(name -> !name.isEmpty()).forEach(plan.entitlements::add);
    putIfSet(attributes, "target", flags.target);
    putIfSet(attributes, "cgroup-parent", flags.cgroupParent);
    putIfSet(attributes, "ulimit", UlimitList.attribute(flags.ulimits));
    putIfSet(attributes, "add-hosts", HostList.attribute(flags.addHosts, BuildPlanner::gateway));
    if (!flags.shmSize.isEmpty()) {
      attributes.put("shm-size", Long.toString(ByteSize.parse(flags.shmSize)));
    }
    attributes.putAll(ResourceLimits.attributes(flags.resources));
    switch (flags.network) {
      case "", "default" -> {}
      case "none" -> attributes.put("force-network-mode", "none");
      case "host" -> {
        attributes.put("force-network-mode", "host");
        plan.entitlements.add("network.host");
      }
      default ->
          throw new UsageException(
              "network mode \"" + flags.network + "\" not supported; use default, none or host");
    }
  }

  private static String gateway() {
    throw new UsageException(
        "unable to derive the IP value for host-gateway; write the address itself");
  }

  private static void putIfSet(Map<String, String> attributes, String key, String value) {
    if (!value.isEmpty()) {
      attributes.put(key, value);
    }
  }

  private void outputs(SolvePlan plan, List<Platform> platforms, boolean attests)
      throws IOException {
    List<OutputSpec> outputs =
        OutputSpec.withShorthands(OutputSpec.all(flags.outputs), flags.push, flags.load);
    if (!flags.imageIdFile.isEmpty()
        && outputs.stream().anyMatch(o -> List.of("local", "tar").contains(o.type()))) {
      throw new UsageException("local and tar exporters are incompatible with image ID file");
    }
    boolean asks = CallSpec.parse(flags.call()).isPresent();
    plan.internal = asks;
    List<String> tags = flags.tags.stream().map(BuildPlanner::tag).toList();
    new Outputs(plan, engine, progress, platforms.size(), attests)
        .add(asks ? List.of() : outputs, tags, AnnotationSpec.attributes(flags.annotations));
  }

  private static String tag(String text) {
    try {
      ImageReference.parse(text);
      return text;
    } catch (InvalidReferenceException e) {
      throw new UsageException("invalid tag \"" + text + "\": " + e.getMessage(), e);
    }
  }
}
