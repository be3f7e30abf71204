package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.SolveRequest.CacheImport;
import dev.kiln.dockerfile.lint.LintConfig;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.solver.pb.HostIP;
import dev.kiln.solver.pb.LinuxResources;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.Ulimit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A build's options, read and checked.
 *
 * @param buildArgs values that the user gave to build arguments
 * @param labels labels to put on the image
 * @param target stage to build, or empty for the last
 * @param buildPlatform platform that the daemon runs on
 * @param targetPlatforms platforms to build for; empty for the daemon's own
 * @param multiPlatform true if the result is a map by platform
 * @param noCache stages that must not be answered from the cache: null for none, empty for all
 * @param imageResolveMode {@code default}, {@code pull} or {@code local}
 * @param network of steps that name none
 * @param extraHosts entries for the steps' hosts files
 * @param shmSizeBytes size of /dev/shm, 0 for the default
 * @param resources limits of steps, or null
 * @param cacheNamespace prefix of cache mount ids
 * @param lint from a build argument that replaces the check directive, or null
 * @param sbom the scanner to run, or null
 */
public record BuildOptions(
    Map<String, String> buildArgs,
    Map<String, String> labels,
    String target,
    Platform buildPlatform,
    List<Platform> targetPlatforms,
    boolean multiPlatform,
    @Nullable List<String> noCache,
    String imageResolveMode,
    NetMode network,
    List<HostIP> extraHosts,
    long shmSizeBytes,
    List<Ulimit> ulimits,
    @Nullable LinuxResources resources,
    String hostname,
    String cgroupParent,
    String cacheNamespace,
    List<CacheImport> cacheImports,
    @Nullable LintConfig lint,
    @Nullable Sbom sbom) {

  public BuildOptions {
    buildArgs = Map.copyOf(buildArgs);
    labels = Map.copyOf(labels);
    targetPlatforms = List.copyOf(targetPlatforms);
    extraHosts = List.copyOf(extraHosts);
    ulimits = List.copyOf(ulimits);
    cacheImports = List.copyOf(cacheImports);
  }

  /**
   * Which scanner lists the packages of a result.
   *
   * @param generator full name of the scanner's image
   */
  public record Sbom(String generator, Map<String, String> parameters) {
    public Sbom {
      parameters = Map.copyOf(parameters);
    }
  }

  /** True if the stage must not be answered from the cache. */
  public boolean ignoresCache(String stage) {
    return noCache != null
        && (noCache.isEmpty() || noCache.stream().anyMatch(stage::equalsIgnoreCase));
  }
}
