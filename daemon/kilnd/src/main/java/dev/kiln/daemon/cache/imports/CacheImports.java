package dev.kiln.daemon.cache.imports;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildBridge.CacheImport;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.daemon.cache.CacheEntry;
import dev.kiln.daemon.control.Parallel;
import dev.kiln.daemon.image.Images;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.CacheSource;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the caches that builds want to look into, each once for a build. Safe for use by many
 * threads.
 */
public final class CacheImports implements BuildServices.CacheOpener {
  private static final Logger log = LoggerFactory.getLogger(CacheImports.class);

  private final RefStore refs;
  private final OpenCaches open;
  private final Images images;
  private final SessionRegistry sessions;
  private final Map<Build, Map<CacheImport, FutureTask<Optional<CacheSource>>>> byBuild =
      new WeakHashMap<>();

  public CacheImports(RefStore refs, OpenCaches open, Images images, SessionRegistry sessions) {
    this.refs = refs;
    this.open = open;
    this.images = images;
    this.sessions = sessions;
  }

  @Override
  public List<CacheSource> open(Build build, List<CacheImport> imports) {
    if (imports.isEmpty()) {
      return List.of();
    }
    Map<CacheImport, FutureTask<Optional<CacheSource>>> tasks;
    synchronized (byBuild) {
      tasks = byBuild.computeIfAbsent(build, b -> new ConcurrentHashMap<>());
    }
    List<Callable<Optional<CacheSource>>> work = new ArrayList<>();
    for (CacheImport each : new LinkedHashSet<>(imports)) {
      work.add(
          () -> {
            FutureTask<Optional<CacheSource>> task =
                tasks.computeIfAbsent(each, i -> new FutureTask<>(() -> importShown(build, i)));
            task.run();
            return task.get();
          });
    }
    try {
      return Parallel.run(work).stream().flatMap(Optional::stream).distinct().toList();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("context canceled");
    } catch (Exception e) {
      throw new IllegalStateException("could not import a cache", e);
    }
  }

  private Optional<CacheSource> importShown(Build build, CacheImport wanted)
      throws InterruptedException {
    String name = "importing cache manifest from " + name(wanted);
    try {
      ImportedCache cache =
          build
              .job()
              .inContext(
                  build.sessionId() + " " + name,
                  name,
                  progress -> new CacheReader(origin(build, wanted), progress).read(refs));
      open.add(cache);
      return Optional.of(cache);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.debug("{} failed, the build goes on without: {}", name, e.toString());
      return Optional.empty();
    }
  }

  /** What clients see: a reference, or the type with a number that tells entries apart. */
  private static String name(CacheImport wanted) {
    String ref = wanted.attributes().getOrDefault("ref", "");
    if (wanted.type().equals("registry") && !ref.isEmpty()) {
      return ref;
    }
    int hash = new TreeMap<>(wanted.attributes()).hashCode();
    return wanted.type() + ":" + Integer.toUnsignedString(hash);
  }

  private CacheOrigin origin(Build build, CacheImport wanted) throws IOException {
    CacheEntry entry = new CacheEntry(wanted.type(), wanted.attributes());
    try {
      return switch (entry.type()) {
        case "registry" -> {
          ImageReference reference = entry.reference();
          yield new RegistryOrigin(
              images, reference, entry.flag("registry.insecure", false), build::sessions);
        }
        case "local" -> {
          String digest = entry.text("digest");
          if (digest.isEmpty()) {
            throw new IllegalArgumentException("local cache importer requires explicit digest");
          }
          if (entry.text("src").isEmpty()) {
            throw new IllegalArgumentException("local cache importer requires src");
          }
          yield new ClientOrigin(
              sessions, entry.storeId("src"), new Digest(digest), build::sessions);
        }
        default ->
            throw new IOException(
                "unknown cache importer: " + entry.type() + "; this daemon has registry and local");
      };
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "failed to configure " + entry.type() + " cache importer: " + e.getMessage(), e);
    }
  }
}
