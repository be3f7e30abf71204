package dev.kiln.cli.build;

import dev.kiln.cli.flag.UsageException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What was written on the command line of a build, before it is understood. */
public final class BuildFlags {
  @Parameters(
      arity = "0..*",
      paramLabel = "CONTEXT",
      description = "Folder, git or http URL, or - for a tar or a Dockerfile on stdin")
  List<String> contexts = new ArrayList<>();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "PATH",
      description = "The Dockerfile (default: CONTEXT/Dockerfile; - for stdin)")
  String file = "";

  @Option(
      names = {"-t", "--tag"},
      paramLabel = "NAME",
      description = "Name of the image: [registry/]repository[:tag]")
  List<String> tags = new ArrayList<>();

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "Stage to build (default: the last)")
  String target = "";

  @Option(
      names = "--build-arg",
      paramLabel = "NAME[=VALUE]",
      description = "Build argument; without a value, the environment's")
  List<String> buildArgs = new ArrayList<>();

  @Option(
      names = "--build-context",
      paramLabel = "NAME=SOURCE",
      description = "More contexts: a folder, URL, docker-image:// or oci-layout://")
  List<String> buildContexts = new ArrayList<>();

  @Option(
      names = "--platform",
      paramLabel = "LIST",
      description = "Platforms to build for, such as linux/amd64,arm64 or local")
  List<String> platforms = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "SPEC",
      description = "Where the result goes: type=image|oci|docker|local|tar,dest=PATH; or a path")
  List<String> outputs = new ArrayList<>();

  @Option(
      names = "--push",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Push the image to its registry")
  boolean push;

  @Option(
      names = "--load",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Load the image into the Docker engine of this machine")
  boolean load;

  @Option(
      names = "--no-cache",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Run every step anew")
  boolean noCache;

  @Option(
      names = "--no-cache-filter",
      paramLabel = "STAGE",
      description = "Run every step of these stages anew")
  List<String> noCacheFilter = new ArrayList<>();

  @Option(
      names = "--pull",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Ask registries again for every base image")
  boolean pull;

  @Option(names = "--label", paramLabel = "NAME=VALUE", description = "Label of the image")
  List<String> labels = new ArrayList<>();

  @Option(
      names = "--annotation",
      paramLabel = "[TYPE:]NAME=VALUE",
      description = "Annotation of the image")
  List<String> annotations = new ArrayList<>();

  @Option(
      names = "--secret",
      paramLabel = "id=NAME[,src=PATH|,env=NAME]",
      description = "Secret for RUN --mount=type=secret")
  List<String> secrets = new ArrayList<>();

  @Option(
      names = "--ssh",
      paramLabel = "ID[=SOCKET|KEY]",
      description = "SSH agent or keys for RUN --mount=type=ssh")
  List<String> ssh = new ArrayList<>();

  @Option(
      names = "--network",
      paramLabel = "MODE",
      description = "Network of RUN: default, none or host")
  String network = "default";

  @Option(
      names = "--add-host",
      paramLabel = "NAME:ADDRESS",
      description = "Entry in the hosts file of RUN")
  List<String> addHosts = new ArrayList<>();

  @Option(names = "--shm-size", paramLabel = "SIZE", description = "Size of /dev/shm in RUN")
  String shmSize = "";

  @Option(names = "--ulimit", paramLabel = "NAME=SOFT[:HARD]", description = "Limit of RUN")
  List<String> ulimits = new ArrayList<>();

  @Option(names = "--cgroup-parent", paramLabel = "CGROUP", description = "Parent cgroup of RUN")
  String cgroupParent = "";

  @Option(
      names = "--resource",
      paramLabel = "NAME=VALUE",
      description = "Limit of RUN: memory=2g, memory-swap, cpu-shares, cpu-quota, …")
  List<String> resources = new ArrayList<>();

  @Option(
      names = "--allow",
      paramLabel = "NAME",
      description = "Allow network.host, security.insecure or device")
  List<String> allow = new ArrayList<>();

  @Option(names = "--cache-from", paramLabel = "SPEC", description = "Caches to import")
  List<String> cacheFrom = new ArrayList<>();

  @Option(names = "--cache-to", paramLabel = "SPEC", description = "Caches to export to")
  List<String> cacheTo = new ArrayList<>();

  @Option(names = "--attest", paramLabel = "type=TYPE,…", description = "Attestation to attach")
  List<String> attests = new ArrayList<>();

  @Option(
      names = "--provenance",
      paramLabel = "VALUE",
      arity = "1",
      description = "Short for --attest type=provenance; false for none")
  String provenance = "";

  @Option(
      names = "--sbom",
      paramLabel = "VALUE",
      arity = "1",
      description = "Short for --attest type=sbom")
  String sbom = "";

  @Option(
      names = "--progress",
      paramLabel = "MODE",
      description = "auto, tty, plain, quiet or rawjson")
  String progress = "auto";

  @Option(
      names = {"-q", "--quiet"},
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Print nothing but the image's digest")
  boolean quiet;

  @Option(
      names = "--metadata-file",
      paramLabel = "PATH",
      description = "Write what is known of the result, as JSON")
  String metadataFile = "";

  @Option(names = "--iidfile", paramLabel = "PATH", description = "Write the image's digest")
  String imageIdFile = "";

  @Option(
      names = "--call",
      paramLabel = "METHOD",
      description = "Ask in place of building: check, outline or targets")
  String call = "";

  @Option(
      names = "--check",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Short for --call check")
  boolean check;

  @Option(names = "--compress", hidden = true, arity = "0..1", fallbackValue = "true")
  boolean compress;

  @Option(names = "--rm", hidden = true, arity = "0..1", fallbackValue = "true")
  boolean remove;

  @Option(names = "--force-rm", hidden = true, arity = "0..1", fallbackValue = "true")
  boolean forceRemove;

  /**
   * The context.
   *
   * @throws UsageException unless there is exactly one
   */
  public String context() {
    if (contexts.size() != 1) {
      throw new UsageException(
          "a build takes exactly one context, and there are "
              + contexts.size()
              + "; write . for the current folder");
    }
    return contexts.getFirst();
  }

  /** How progress is to be shown: a name of {@code --progress}, with {@code --quiet} as one. */
  public String progress() {
    return progress;
  }

  /** Whether only the image's digest is wanted. */
  public boolean quiet() {
    return quiet || progress.equals("quiet");
  }

  /** Where metadata goes, or empty. */
  public String metadataFile() {
    return metadataFile;
  }

  /** Where the image's digest goes, or empty. */
  public String imageIdFile() {
    return imageIdFile;
  }

  /** The stage, or empty for the last. */
  public String target() {
    return target;
  }

  /** What {@code --call} and {@code --check} ask for, or empty. */
  public String call() {
    return check ? "check" : call;
  }
}
