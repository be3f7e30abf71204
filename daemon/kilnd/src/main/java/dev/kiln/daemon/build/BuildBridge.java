package dev.kiln.daemon.build;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.solver.CacheSource;
import dev.kiln.solver.CachedResult;
import dev.kiln.solver.Cancellation;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.llb.DefinitionLoader;
import dev.kiln.solver.llb.InvalidLlbException;
import dev.kiln.solver.llb.LoadOptions;
import dev.kiln.solver.llb.LoadedGraph;
import dev.kiln.solver.pb.Definition;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.gateway.WarnRequest;
import dev.kiln.wire.sourcepolicy.Policy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * A build as its frontends see it: they hand in definitions and get refs. All frontends of a build,
 * however nested, share its job, its sessions and its rules. Safe for use by many threads.
 */
public final class BuildBridge {
  private final Build build;
  private final BuildServices services;
  private final List<Policy> policies;
  private final RequestScope scope;

  /**
   * What a frontend asks to be built.
   *
   * @param definition empty when a frontend is named; both empty ask for nothing
   * @param frontend name of a frontend to run instead, or empty
   * @param evaluate whether the results must be computed before the answer
   * @param cacheImports caches to look into, beside the local one
   * @param policies source policies that come after those of the build
   */
  public record Request(
      Definition definition,
      String frontend,
      Map<String, String> options,
      Map<String, Definition> inputs,
      boolean evaluate,
      List<CacheImport> cacheImports,
      List<Policy> policies) {
    public Request {
      options = Map.copyOf(options);
      inputs = Map.copyOf(inputs);
      cacheImports = List.copyOf(cacheImports);
      policies = List.copyOf(policies);
    }

    /** Asks for a definition. */
    public static Request of(Definition definition) {
      return new Request(definition, "", Map.of(), Map.of(), false, List.of(), List.of());
    }
  }

  /** A cache to look into. */
  public record CacheImport(String type, Map<String, String> attributes) {
    public CacheImport {
      attributes = Map.copyOf(attributes);
    }
  }

  public BuildBridge(Build build, BuildServices services) {
    this(build, services, List.of(), RequestScope.ofBuild(call(build)));
  }

  private BuildBridge(
      Build build, BuildServices services, List<Policy> policies, RequestScope scope) {
    this.build = build;
    this.scope = scope;
    this.services = services;
    this.policies = policies;
  }

  private static FrontendCall call(Build build) {
    return new FrontendCall(
        build.request().getFrontend(),
        build.request().getFrontendAttrsMap(),
        build.request().getFrontendInputsMap());
  }

  /** What was done over this bridge. */
  public RequestScope scope() {
    return scope;
  }

  /** The build that this is a bridge to. */
  public Build build() {
    return build;
  }

  /** What the build is done with. */
  public BuildServices services() {
    return services;
  }

  /** Builds a definition or runs a frontend. */
  public BuildResult solve(Request request) throws InterruptedException {
    boolean hasDefinition = request.definition().getDefCount() > 0;
    if (hasDefinition && !request.frontend().isEmpty()) {
      throw BuildFailure.of("cannot solve with both Definition and Frontend specified", null);
    }
    BuildResult result;
    if (hasDefinition) {
      BuildBridge inner = new BuildBridge(build, services, joined(request), scope);
      result = BuildResult.single(inner.ref(request.definition(), request.cacheImports()));
    } else if (!request.frontend().isEmpty()) {
      result = call(request);
    } else {
      return BuildResult.EMPTY;
    }
    if (request.evaluate()) {
      for (BuildRef ref : result.allRefs()) {
        ref.evaluate();
      }
    }
    for (BuildRef ref : result.allRefs()) {
      scope.ownerOf(ref).ifPresent(owner -> services.solved().add(build, ref, owner));
    }
    return result;
  }

  private BuildResult call(Request request) throws InterruptedException {
    RequestScope called =
        scope.begin(new FrontendCall(request.frontend(), request.options(), request.inputs()));
    BuildBridge inner = new BuildBridge(build, services, joined(request), called);
    BuildResult result = services.frontends().run(inner, request);
    build.keep(result);
    result.allRefs().forEach(called::add);
    scope.join(called);
    return result;
  }

  private List<Policy> joined(Request request) {
    List<Policy> all = new ArrayList<>(policies);
    all.addAll(request.policies());
    return all;
  }

  /** A lazy ref of a definition, released with the build. */
  public BuildRef ref(Definition definition, List<CacheImport> imports) {
    BuildRef ref = new BuildRef(definition, wanted -> evaluate(wanted, imports));
    build.keep(ref);
    scope.add(ref);
    return ref;
  }

  private Evaluated evaluate(Definition definition, List<CacheImport> imports)
      throws InterruptedException {
    try (Cancellation.Registration ignored =
        build.cancellation().onCancel(Thread.currentThread()::interrupt)) {
      LoadedGraph graph = load(definition);
      List<CacheSource> caches = services.caches().open(build, imports);
      CachedResult result = build.job().build(graph.result(), caches, build.cancellation());
      return new Evaluated(result, graph);
    } catch (SolveException e) {
      throw BuildFailure.of(e, definition);
    } catch (CancellationException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("context canceled");
      }
      throw e;
    }
  }

  private LoadedGraph load(Definition definition) throws InterruptedException {
    try {
      LoadOptions options =
          services
              .loadOptions()
              .withPolicy(op -> services.policies().evaluate(build, policies, op))
              .withCheck(build.entitlements()::check);
      LoadedGraph graph = DefinitionLoader.load(definition, options);
      for (String id : graph.prunedCacheMounts().keySet()) {
        services.cacheMounts().forget(id);
      }
      return graph;
    } catch (InvalidLlbException e) {
      throw BuildFailure.of("failed to load LLB: " + e.getMessage(), e);
    } catch (IOException e) {
      throw BuildFailure.of("could not prepare cache mounts: " + e.getMessage(), e);
    }
  }

  /** Finds out what a source stands for now: an image's digest and config, a commit, a file. */
  public ResolveSourceMetaResponse resolveSourceMeta(ResolveSourceMetaRequest request)
      throws InterruptedException {
    ResolveSourceMetaResponse answer = services.sourceMeta().resolve(build, policies, request);
    if (answer.hasImage()) {
      String identifier = answer.getSource().getIdentifier();
      int at = identifier.indexOf("://");
      scope.add(
          new RequestScope.LookedUpImage(
              at < 0 ? identifier : identifier.substring(at + "://".length()),
              request.hasPlatform() ? request.getPlatform() : null,
              answer.getImage().getDigest(),
              !identifier.startsWith("docker-image://")));
    }
    return answer;
  }

  /** Shows a warning beside a vertex. */
  public void warn(WarnRequest request) {
    build
        .progress()
        .accept(
            new ProgressEvent.Warning(
                request.getDigest(),
                (int) request.getLevel(),
                request.getShort().toStringUtf8(),
                request.getDetailList().stream().map(ByteString::toStringUtf8).toList(),
                request.getUrl(),
                request.hasInfo() ? request.getInfo() : null,
                request.getRangesList()));
  }
}
