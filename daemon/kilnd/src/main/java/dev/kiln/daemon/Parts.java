package dev.kiln.daemon;

import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.build.SolvedRefs;
import dev.kiln.daemon.cache.exports.CacheExporters;
import dev.kiln.daemon.cache.imports.CacheImports;
import dev.kiln.daemon.cache.imports.OpenCaches;
import dev.kiln.daemon.config.KilndConfig;
import dev.kiln.daemon.container.FrontendContainers;
import dev.kiln.daemon.control.Builds;
import dev.kiln.daemon.control.ClientExporters;
import dev.kiln.daemon.control.NestedLoads;
import dev.kiln.daemon.control.RequestNames;
import dev.kiln.daemon.control.SolveService;
import dev.kiln.daemon.export.Exporters;
import dev.kiln.daemon.export.files.FileExporters;
import dev.kiln.daemon.export.image.ImageExporters;
import dev.kiln.daemon.frontend.Frontends;
import dev.kiln.daemon.gateway.ContainerTable;
import dev.kiln.daemon.history.BuildHistory;
import dev.kiln.daemon.history.HistoryLimits;
import dev.kiln.daemon.image.Images;
import dev.kiln.daemon.image.KnownOrigins;
import dev.kiln.daemon.op.CacheMounts;
import dev.kiln.daemon.op.OpServices;
import dev.kiln.daemon.op.Operations;
import dev.kiln.daemon.policy.SourcePolicies;
import dev.kiln.daemon.provenance.Attestations;
import dev.kiln.daemon.session.ClientMounts;
import dev.kiln.daemon.source.SourceKinds;
import dev.kiln.daemon.source.SourceMetas;
import dev.kiln.daemon.source.Sources;
import dev.kiln.daemon.state.Metadata;
import dev.kiln.daemon.trace.ProcessTraces;
import dev.kiln.daemon.trace.Tracing;
import dev.kiln.daemon.trace.otlp.SpanQueue;
import dev.kiln.daemon.worker.Collector;
import dev.kiln.daemon.worker.LooseBlobs;
import dev.kiln.daemon.worker.RefResults;
import dev.kiln.daemon.worker.TreeHashes;
import dev.kiln.daemon.worker.Version;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.executor.Executor;
import dev.kiln.registry.client.RegistryClient;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.ref.RefStores;
import dev.kiln.solver.Solver;
import dev.kiln.solver.SolverOptions;
import dev.kiln.solver.engine.SolverEngine;
import dev.kiln.solver.llb.LoadOptions;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.why.MissFinder;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/**
 * All parts of a daemon, made and joined. Nothing here knows of sockets.
 *
 * @param sessions what clients offer
 */
record Parts(
    StateFolder state,
    StoreCheck check,
    Metadata metadata,
    RefStore refs,
    Executor executor,
    RegistryClient registries,
    SessionRegistry sessions,
    Solver solver,
    Worker worker,
    Collector collector,
    Builds builds,
    SolveService solves,
    BuildHistory history,
    Tracing tracing) {
  private static final int REMEMBERED_HASHES = 256;

  /** Opens the state of a configuration and joins everything. */
  static Parts open(KilndConfig config) throws IOException {
    Clock clock = Clock.systemUTC();
    StateFolder state = StateFolder.open(config.root());
    try {
      return open(config, state, clock);
    } catch (IOException | RuntimeException e) {
      state.close();
      throw e;
    }
  }

  private static Parts open(KilndConfig config, StateFolder state, Clock clock) throws IOException {
    Path mounts = Files.createDirectories(state.root().resolve("mounts"));
    Metadata metadata = Metadata.open(state.root(), state.isInOrder());
    boolean trusted = state.isInOrder() && !metadata.wasRepaired();
    SessionRegistry sessions = new SessionRegistry();
    RegistryClient registries =
        new RegistryClient(config.registries(), "kiln/" + Version.KILN + " buildkit/v0.31");
    RefStore refs =
        RefStores.open(
            state.root(),
            Snapshotters.choose(config.worker().snapshotter(), state.root()),
            metadata.records(),
            Images.anonymous(registries),
            clock,
            trusted);
    KnownOrigins origins = KnownOrigins.open(state.root().resolve("origins"));
    Images images = new Images(registries, refs.content(), sessions, origins);
    StepExecutor steps = StepExecutor.open(config, state.root());
    Executor executor = steps.executor();
    PlatformList platforms =
        PlatformList.of(config.worker().platforms(), mounts, config.platformsCacheMaxAge(), clock);
    Platform own = platforms.own();

    TreeHashes hashes =
        TreeHashes.open(
            state.root().resolve("checksums"),
            REMEMBERED_HASHES,
            // A transfer that broke off may have left a tree between two states.
            id -> trusted && refs.knows(id));
    CacheMounts cacheMounts = new CacheMounts(refs);
    Builds builds = new Builds();
    OpServices ops =
        new OpServices(
            refs,
            executor,
            cacheMounts,
            hashes,
            mounts,
            ids -> new ClientMounts(sessions, ids, mounts),
            platforms::emulator,
            steps.devices(),
            new ProcessTraces(config.otel().socket().orElse(null), builds::traceContext),
            own);
    LoadOptions load = LoadOptions.permissive();
    SourceKinds sources = SourceKinds.of(images, refs, sessions, hashes, mounts);
    SourcePolicies policies =
        new SourcePolicies(
            sessions, new SourceMetas(SourcePolicies::byRules, sources.metas(), own));
    Operations operations =
        new Operations(
            ops, new Sources(sources.operations()), new NestedLoads(builds, policies, load));
    SolverEngine solver =
        new SolverEngine(
            operations,
            new RefResults(refs),
            metadata.cache(),
            new SolverOptions(
                config.worker().maxParallelism(), SolverOptions.DEFAULT.replayLogBytes()),
            new MissFinder(metadata.steps()),
            new RequestNames(builds, sessions));

    Tracing tracing =
        new Tracing(
            clock,
            config.otel().resource(),
            config.otel().collector().map(SpanQueue::start).orElse(null));
    BuildHistory history =
        BuildHistory.open(
            metadata.records(),
            refs.content(),
            HistoryLimits.of(config.history().maxAge(), config.history().maxEntries()),
            clock);
    LooseBlobs loose =
        new LooseBlobs(
            refs, history::blobs, () -> history.isWriting() || !builds.running().isEmpty());
    Runnable forget =
        () -> {
          solver.cache().releaseUnreferenced();
          loose.collect();
          hashes.forgetUnless(refs::knows);
          origins.forgetUnless(refs.content()::contains);
        };
    StoreCheck check = trusted ? StoreCheck.none() : StoreCheck.start(refs, solver.cache(), loose);
    Worker worker = Workers.of(config, state, refs, platforms, steps, forget);
    Collector collector = Workers.collector(config, state, refs, forget, clock);
    OpenCaches caches = new OpenCaches();
    ContainerTable.Factory containers =
        (bridge, table) -> new FrontendContainers(ops, bridge, table);
    BuildServices services =
        new BuildServices(
            Frontends.of(config.frontends(), ops, worker, containers),
            new CacheImports(refs, caches, images, sessions),
            policies,
            new SourceMetas(policies, sources.metas(), own),
            load,
            cacheMounts,
            new SolvedRefs(),
            mounts);
    Map<String, Exporters.Maker> exporters =
        new HashMap<>(ImageExporters.of(refs.content(), images, sessions, own, mounts));
    exporters.putAll(FileExporters.of(sessions, mounts));
    Exporters exporterTypes = new Exporters(exporters);
    SolveService solves =
        new SolveService(
            new SolveService.Parts(
                solver,
                builds,
                services,
                worker,
                exporterTypes,
                Attestations.open(worker, mounts, config.provenanceEnvironment()),
                new CacheExporters(refs, metadata.cache(), caches, images, sessions),
                new ClientExporters(sessions, exporterTypes),
                history,
                tracing,
                containers,
                config.entitlements(),
                steps.devices(),
                clock,
                () -> {
                  loose.buildEnded();
                  collector.ask();
                }));
    return new Parts(
        state,
        check,
        metadata,
        refs,
        executor,
        registries,
        sessions,
        solver,
        worker,
        collector,
        builds,
        solves,
        history,
        tracing);
  }

  /** Closes everything, last opened first. */
  void close() throws IOException {
    sessions.close();
    history.finishTraces();
    tracing.close();
    check.close();
    collector.close();
    solver.close();
    executor.close();
    refs.close();
    metadata.close();
    registries.close();
    if (check.isDone() && !metadata.isDamaged()) {
      state.setInOrder();
    }
    state.close();
  }
}
