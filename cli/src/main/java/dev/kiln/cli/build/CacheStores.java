package dev.kiln.cli.build;

import dev.kiln.cli.flag.CacheSpec;
import dev.kiln.cli.flag.Flags;
import dev.kiln.cli.flag.UsageException;
import dev.kiln.wire.blobs.BlobDirectory;
import dev.kiln.wire.control.CacheOptionsEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** External caches; those in local folders are served from here. */
final class CacheStores {
  private static final Logger LOG = LoggerFactory.getLogger(CacheStores.class);
  private static final String MANIFEST = "cache.manifest";

  private final SolvePlan plan;
  private final Map<String, String> environment;

  CacheStores(SolvePlan plan, Map<String, String> environment) {
    this.plan = plan;
    this.environment = environment;
  }

  /** Adds the caches to the plan. */
  void add(List<CacheSpec> imports, List<CacheSpec> exports) throws IOException {
    for (CacheSpec spec : exports) {
      CacheSpec complete = credentials(spec);
      if (spec.type().equals("local")) {
        exportLocal(complete);
      }
      if (active(complete)) {
        plan.cacheExports.add(entry(complete));
      }
    }
    for (CacheSpec spec : imports) {
      CacheSpec complete = credentials(spec);
      Optional<CacheSpec> usable =
          spec.type().equals("local") ? importLocal(complete) : Optional.of(complete);
      usable.filter(CacheStores::active).ifPresent(s -> plan.cacheImports.add(entry(s)));
    }
    if (!plan.cacheImports.isEmpty()) {
      plan.attributes.put("cache-imports", importsAsJson());
    }
  }

  /** Frontends solve in several steps of their own, each of which names the caches again. */
  private String importsAsJson() {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    for (CacheOptionsEntry entry : plan.cacheImports) {
      ObjectNode node = list.addObject().put("Type", entry.getType());
      ObjectNode attributes = node.putObject("Attrs");
      new TreeMap<>(entry.getAttrsMap()).forEach(attributes::put);
    }
    return list.toString();
  }

  private static CacheOptionsEntry entry(CacheSpec spec) {
    String ref = spec.attributes().getOrDefault("ref", "");
    if (spec.type().equals("registry") && ref.isEmpty()) {
      throw new UsageException("registry cache requires ref; add ref=IMAGE");
    }
    return CacheOptionsEntry.newBuilder()
        .setType(spec.type())
        .putAllAttrs(spec.attributes())
        .build();
  }

  private void exportLocal(CacheSpec spec) throws IOException {
    String folder = spec.attributes().getOrDefault("dest", "");
    if (folder.isEmpty()) {
      throw new UsageException("local cache exporter requires dest");
    }
    Path path = Path.of(folder);
    Files.createDirectories(path);
    plan.stores.put("local:" + folder, new BlobDirectory(path));
    String tag = spec.attributes().getOrDefault("tag", "latest");
    boolean reset = Flags.isTrue(spec.attributes().getOrDefault("reset", ""));
    plan.afterwards.add(
        response -> {
          String manifest = response.get(MANIFEST);
          if (manifest != null && !manifest.isEmpty()) {
            new LayoutIndex(path).putTag(manifest, tag);
          }
          if (reset) {
            new UnusedBlobs(path).remove();
          }
        });
  }

  /** A cache that is not there is none: the build goes on without it. */
  private Optional<CacheSpec> importLocal(CacheSpec spec) throws IOException {
    String folder = spec.attributes().getOrDefault("src", "");
    if (folder.isEmpty()) {
      throw new UsageException("local cache importer requires src");
    }
    String digest = spec.attributes().getOrDefault("digest", "");
    if (digest.isEmpty()) {
      String tag = spec.attributes().getOrDefault("tag", "latest");
      digest = new LayoutIndex(Path.of(folder)).findExactly(tag).orElse("");
      if (digest.isEmpty()) {
        LOG.warn("local cache import at {} skipped: nothing found under tag {}", folder, tag);
        return Optional.empty();
      }
    }
    plan.stores.put("local:" + folder, new BlobDirectory(Path.of(folder)));
    return Optional.of(spec.with("digest", digest));
  }

  /** What GitHub's and Amazon's tools leave in the environment. */
  private CacheSpec credentials(CacheSpec spec) {
    CacheSpec result = spec;
    if (spec.type().equals("gha")) {
      boolean second =
          Flags.isTrue(environment.getOrDefault("ACTIONS_CACHE_SERVICE_V2", ""))
              || spec.attributes().getOrDefault("version", "").equals("2");
      result = fill(result, "token", "ACTIONS_RUNTIME_TOKEN");
      result = second ? fill(result, "url_v2", "ACTIONS_RESULTS_URL") : result;
      result = fill(result, "url", "ACTIONS_CACHE_URL");
      result = fill(result, "url", "ACTIONS_RESULTS_URL");
    } else if (spec.type().equals("s3") && !spec.attributes().containsKey("secret_access_key")) {
      result = fill(result, "access_key_id", "AWS_ACCESS_KEY_ID");
      result = fill(result, "secret_access_key", "AWS_SECRET_ACCESS_KEY");
      result = fill(result, "session_token", "AWS_SESSION_TOKEN");
    }
    return result;
  }

  private CacheSpec fill(CacheSpec spec, String key, String variable) {
    String value = environment.get(variable);
    return value == null || spec.attributes().containsKey(key) ? spec : spec.with(key, value);
  }

  private static boolean active(CacheSpec spec) {
    Map<String, String> attributes = spec.attributes();
    return !spec.type().equals("gha")
        || (!attributes.getOrDefault("token", "").isEmpty()
            && (attributes.containsKey("url") || attributes.containsKey("url_v2")));
  }
}
