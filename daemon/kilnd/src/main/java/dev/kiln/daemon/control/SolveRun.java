package dev.kiln.daemon.control;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.gateway.FrontendSession;
import dev.kiln.solver.ProgressEvent;
import dev.kiln.wire.control.CacheOptionsEntry;
import dev.kiln.wire.control.SolveRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The way of one build: get a result, evaluate it, post-process it, export it, finish (control.md,
 * section 4). For one thread.
 */
final class SolveRun {
  private final Build build;
  private final BuildBridge bridge;
  private final @Nullable FrontendSession frontend;
  private final List<Exporter> exporters;
  private final PostProcessor postProcessor;
  private final CacheExports cacheExports;
  private final ClientExporters clientExporters;
  private @Nullable BuildResult obtained;
  private @Nullable BuildResult result;
  private List<Exporter.Exported> exported = List.of();

  SolveRun(
      Build build,
      BuildBridge bridge,
      @Nullable FrontendSession frontend,
      List<Exporter> exporters,
      PostProcessor postProcessor,
      CacheExports cacheExports,
      ClientExporters clientExporters) {
    this.build = build;
    this.bridge = bridge;
    this.frontend = frontend;
    this.exporters = new ArrayList<>(exporters);
    this.postProcessor = postProcessor;
    this.cacheExports = cacheExports;
    this.clientExporters = clientExporters;
  }

  /** What the frontend returned, once it is evaluated. */
  @Nullable BuildResult obtained() {
    return obtained;
  }

  /** The result, once there is one. */
  @Nullable BuildResult result() {
    return result;
  }

  /** What came of the exporters, in their order. */
  List<Exporter.Exported> exported() {
    return exported;
  }

  /** Runs the build and returns the entries of the response. */
  Map<String, String> run() throws Exception {
    BuildResult raw = obtain();
    evaluateAll(raw);
    obtained = raw;
    BuildResult full = postProcessor.process(bridge, raw);
    result = full;
    evaluateAll(full);
    Map<String, String> response = new LinkedHashMap<>();
    exporters.addAll(clientExporters.find(build, frontend, full));
    exported = export(full);
    exported.forEach(each -> response.putAll(each.response()));
    List<Callable<Map<String, String>>> last = new ArrayList<>();
    for (Exporter.Exported each : exported) {
      Exporter.Finish finish = each.finish();
      if (finish != null) {
        last.add(
            () -> {
              finish.run();
              return Map.of();
            });
      }
    }
    last.add(() -> cacheExports.export(build, full));
    Parallel.run(last).forEach(response::putAll);
    full.metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith("frontend.")) {
                response.put(key, value.toStringUtf8());
              }
            });
    clientExporters.finish(build, response);
    return response;
  }

  private BuildResult obtain() throws InterruptedException {
    SolveRequest request = build.request();
    if (frontend != null) {
      BuildResult returned = frontend.awaitResult();
      return returned;
    }
    return bridge.solve(
        new BuildBridge.Request(
            request.getDefinition(),
            request.getFrontend(),
            request.getFrontendAttrsMap(),
            request.getFrontendInputsMap(),
            false,
            imports(request),
            List.of()));
  }

  private static List<BuildBridge.CacheImport> imports(SolveRequest request) {
    List<BuildBridge.CacheImport> imports = new ArrayList<>();
    for (CacheOptionsEntry entry : request.getCache().getImportsList()) {
      imports.add(new BuildBridge.CacheImport(entry.getType(), entry.getAttrsMap()));
    }
    return imports;
  }

  private static void evaluateAll(BuildResult result) throws Exception {
    List<Callable<Object>> work = new ArrayList<>();
    for (BuildRef ref : result.allRefs()) {
      work.add(
          () -> {
            ref.evaluate();
            return ref;
          });
    }
    Parallel.run(work);
  }

  private void warn(List<String> warnings) throws Exception {
    if (warnings.isEmpty()) {
      return;
    }
    build
        .job()
        .inContext(
            build.sessionId() + "-verify",
            "Verifying build result",
            progress -> {
              for (String text : warnings) {
                progress.warning(
                    new ProgressEvent.Warning(
                        progress.vertex(), 0, text, List.of(), "", null, List.of()));
              }
              return warnings;
            });
  }

  private List<Exporter.Exported> export(BuildResult full) throws Exception {
    warn(ResultPlatforms.warnings(build.request().getFrontendAttrsMap().get("platform"), full));
    Exporter.InlineCache inline = cacheExports.inline(build, full);
    List<Callable<Exporter.Exported>> work = new ArrayList<>();
    for (int i = 0; i < exporters.size(); i++) {
      int index = i;
      Exporter exporter = exporters.get(i);
      work.add(
          () ->
              build
                  .job()
                  .inContext(
                      build.sessionId() + "-export-" + index,
                      exporter.name(),
                      progress ->
                          exporter.export(
                              new Exporter.Work(build, index, full, progress, inline))));
    }
    try {
      return Parallel.run(work);
    } catch (IllegalArgumentException e) {
      throw BuildFailure.of(String.valueOf(e.getMessage()), e);
    }
  }
}
