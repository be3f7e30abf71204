package dev.kiln.cli.build;

import dev.kiln.wire.attach.AttachedOutputs;
import dev.kiln.wire.attach.AttachedSecrets;
import dev.kiln.wire.attach.AttachedSsh;
import dev.kiln.wire.attach.AttachedUploads;
import dev.kiln.wire.blobs.BlobStore;
import dev.kiln.wire.control.CacheOptionsEntry;
import dev.kiln.wire.control.Exporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one build asks of the daemon and offers to it. Filled by one thread; closing it removes
 * what was made for it on the way.
 */
public final class SolvePlan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SolvePlan.class);

  /** The program that reads the build's language. */
  String frontend = "dockerfile.v0";

  /** The frontend's attributes. */
  final Map<String, String> attributes = new TreeMap<>();

  /** Folders that the daemon may read, by name. */
  final Map<String, Path> directories = new TreeMap<>();

  /** Content stores that the daemon may use, by id. */
  final Map<String, BlobStore> stores = new TreeMap<>();

  final Map<String, AttachedSecrets.Source> secrets = new TreeMap<>();
  final Map<String, AttachedSsh.Agent> agents = new TreeMap<>();
  final AttachedUploads uploads = new AttachedUploads();
  final List<Exporter> exporters = new ArrayList<>();

  /** Where the output of an exporter goes, by its place among the exporters. */
  final Map<Integer, AttachedOutputs.Target> targets = new LinkedHashMap<>();

  final List<CacheOptionsEntry> cacheImports = new ArrayList<>();
  final List<CacheOptionsEntry> cacheExports = new ArrayList<>();
  final List<String> entitlements = new ArrayList<>();

  /** What is to be done when the daemon says that the build was good. */
  final List<Afterwards> afterwards = new ArrayList<>();

  /** Ask outputs on this side whether they are why the build failed. */
  final List<Supplier<Optional<IOException>>> outputFailures = new ArrayList<>();

  /** What the daemon takes for the same folder in the next build. */
  String sharedKey = "";

  /** Whether the build leaves no record in the history. */
  boolean internal;

  /** The Dockerfile's name as the person knows it, for messages. */
  String dockerfileName = "Dockerfile";

  /** Whether the image's own digest counts more than that of its configuration. */
  boolean preferImageDigest;

  private final Deque<Cleanup> cleanups = new ArrayDeque<>();

  /** A step after a good build. */
  @FunctionalInterface
  interface Afterwards {
    void run(Map<String, String> response) throws IOException;
  }

  /** Takes something away. */
  @FunctionalInterface
  interface Cleanup {
    void run() throws IOException;
  }

  SolvePlan() {}

  /** Keeps a cleaning step for the end; the last comes first. */
  void atEnd(Cleanup cleanup) {
    cleanups.push(cleanup);
  }

  /** Whether a build would leave nothing but its cache. */
  public boolean hasNoOutput() {
    return exporters.isEmpty();
  }

  /** The Dockerfile's name as the person knows it. */
  public String dockerfileName() {
    return dockerfileName;
  }

  /** The frontend's attributes as they will be sent. */
  public Map<String, String> attributes() {
    return Map.copyOf(attributes);
  }

  @Override
  public void close() {
    while (!cleanups.isEmpty()) {
      try {
        cleanups.pop().run();
      } catch (IOException e) {
        LOG.debug("could not clean up after the build", e);
      }
    }
  }
}
