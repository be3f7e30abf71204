package dev.kiln.daemon.cache.exports;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.cache.CacheEntry;
import dev.kiln.daemon.cache.imports.OpenCaches;
import dev.kiln.daemon.control.CacheExports;
import dev.kiln.daemon.control.SolveService;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.image.Images;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.store.CacheStore;
import dev.kiln.wire.control.CacheOptionsEntry;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.SessionRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes the cache exports of requests. Safe for use by many threads. */
public final class CacheExporters implements SolveService.CacheExportFactory {
  private static final String INLINE = "inline";

  private final RefStore refs;
  private final CacheStore local;
  private final OpenCaches imports;
  private final Images images;
  private final SessionRegistry sessions;

  /**
   * @param local where other ways to the same results are known
   * @param imports caches that running builds have imported
   */
  public CacheExporters(
      RefStore refs,
      CacheStore local,
      OpenCaches imports,
      Images images,
      SessionRegistry sessions) {
    this.refs = refs;
    this.local = local;
    this.imports = imports;
    this.images = images;
    this.sessions = sessions;
  }

  /** Opens the place of one export, once the build runs. */
  @FunctionalInterface
  interface Opening {
    CacheTarget open(Build build);
  }

  /**
   * One export that was asked for.
   *
   * @param name what its vertex is called
   */
  record Wanted(String name, ExportOptions options, Opening opening) {}

  @Override
  public CacheExports of(SolveRequest request) {
    boolean inline = false;
    Set<CacheEntry> entries = new LinkedHashSet<>();
    for (CacheOptionsEntry each : request.getCache().getExportsList()) {
      CacheEntry entry = new CacheEntry(each.getType(), each.getAttrsMap());
      if (entry.type().equals(INLINE)) {
        inline = true;
      } else if (!entries.add(entry)) {
        throw BuildFailure.of("duplicate cache exports [" + entry.type() + "]", null);
      }
    }
    List<Wanted> wanted = new ArrayList<>();
    for (CacheEntry entry : entries) {
      try {
        wanted.add(wanted(entry));
      } catch (IllegalArgumentException e) {
        throw BuildFailure.of(
            "failed to configure " + entry.type() + " cache exporter: " + e.getMessage(), e);
      }
    }
    return new BuildCacheExports(refs, local, imports, wanted, inline);
  }

  private Wanted wanted(CacheEntry entry) {
    return switch (entry.type()) {
      case "registry" -> {
        ImageReference reference = entry.reference();
        boolean insecure = entry.flag("registry.insecure", false);
        yield new Wanted(
            "exporting cache to registry",
            ExportOptions.read(entry),
            build ->
                new RegistryTarget(
                    reference, images.openForWriting(reference, build::sessions, insecure)));
      }
      case "local" -> {
        if (entry.text("dest").isEmpty()) {
          throw new IllegalArgumentException("local cache exporter requires dest");
        }
        yield new Wanted(
            "exporting cache to client directory",
            ExportOptions.read(entry),
            build ->
                new ClientTarget(
                    ContentStoreClient.of(sessions.get(build.sessionId()), entry.storeId("dest"))));
      }
      default ->
          throw BuildFailure.of(
              "unknown cache exporter: \""
                  + entry.type()
                  + "\"; this daemon has registry, local and inline",
              null);
    };
  }
}
