package dev.kiln.daemon.build;

import dev.kiln.daemon.op.CacheMounts;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.llb.LoadOptions;
import dev.kiln.solver.pb.Op;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.sourcepolicy.Policy;
import java.nio.file.Path;
import java.util.List;

/**
 * What builds are done with, the same for all of them.
 *
 * @param frontends runs frontends by name
 * @param caches opens caches that a build imports
 * @param policies decides about sources
 * @param sourceMeta resolves sources
 * @param loadOptions the default platform; policy and check come from the build
 * @param cacheMounts directories that outlive builds
 * @param solved the refs of running builds
 * @param mountFolder where trees are mounted for a moment
 */
public record BuildServices(
    FrontendRunner frontends,
    CacheOpener caches,
    PolicyEngine policies,
    SourceMetaResolver sourceMeta,
    LoadOptions loadOptions,
    CacheMounts cacheMounts,
    SolvedRefs solved,
    Path mountFolder) {

  /** Runs a frontend by name. */
  @FunctionalInterface
  public interface FrontendRunner {
    /** Runs the frontend that the request names, with its options and inputs. */
    BuildResult run(BuildBridge bridge, BuildBridge.Request request) throws InterruptedException;
  }

  /** Opens caches to import. */
  @FunctionalInterface
  public interface CacheOpener {
    /**
     * Opens the caches that can be had. One that cannot is shown as a failed vertex and left out: a
     * bad cache never fails a build.
     */
    List<CacheSource> open(Build build, List<BuildBridge.CacheImport> imports);
  }

  /** Decides about sources. */
  @FunctionalInterface
  public interface PolicyEngine {
    /**
     * The op to use instead of a source op, or the same.
     *
     * @param more policies beyond the build's own
     * @throws Exception when the source is refused
     */
    Op evaluate(Build build, List<Policy> more, Op source) throws Exception;
  }

  /** Resolves sources without fetching their content. */
  @FunctionalInterface
  public interface SourceMetaResolver {
    /** Answers what a source stands for now. */
    ResolveSourceMetaResponse resolve(
        Build build, List<Policy> more, ResolveSourceMetaRequest request)
        throws InterruptedException;
  }
}
