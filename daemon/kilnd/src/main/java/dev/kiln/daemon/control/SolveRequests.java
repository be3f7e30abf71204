package dev.kiln.daemon.control;

import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.wire.control.CacheOptions;
import dev.kiln.wire.control.CacheOptionsEntry;
import dev.kiln.wire.control.Exporter;
import dev.kiln.wire.control.SolveRequest;
import java.util.List;

/** Brings solve requests of older clients into today's form (control.md, section 4). */
final class SolveRequests {
  private static final List<Long> COMPATIBILITY_VERSIONS = List.of(10L, 20L, 30L);
  private static final long CURRENT_COMPATIBILITY = 30;
  private static final String EPOCH_ARG = "build-arg:SOURCE_DATE_EPOCH";
  private static final String EPOCH_ATTR = "source-date-epoch";

  private SolveRequests() {}

  /**
   * The request with its historic fields translated and defaults filled in.
   *
   * @throws BuildFailure for an unknown compatibility version or contradictory parts
   */
  static SolveRequest normalize(SolveRequest request) {
    SolveRequest.Builder out = request.toBuilder();
    long version = request.getCompatibilityVersion();
    if (version == 0) {
      out.setCompatibilityVersion(CURRENT_COMPATIBILITY);
    } else if (!COMPATIBILITY_VERSIONS.contains(version)) {
      throw BuildFailure.of(
          "unsupported compatibility version "
              + version
              + ", maximum supported is "
              + CURRENT_COMPATIBILITY,
          null);
    }
    if (request.getDefinition().getDefCount() > 0 && !request.getFrontend().isEmpty()) {
      throw BuildFailure.of("invalid request: Definition " + "and Frontend are both set", null);
    }
    out.setCache(cache(request.getCache()));
    if (request.getExportersCount() == 0 && !request.getExporterDeprecated().isEmpty()) {
      out.addExporters(
          Exporter.newBuilder()
              .setType(request.getExporterDeprecated())
              .putAllAttrs(request.getExporterAttrsDeprecatedMap()));
    }
    String epoch = request.getFrontendAttrsOrDefault(EPOCH_ARG, "");
    if (!epoch.isEmpty() && !epoch.equals("context")) {
      for (Exporter.Builder exporter : out.getExportersBuilderList()) {
        if (!exporter.containsAttrs(EPOCH_ATTR)) {
          exporter.putAttrs(EPOCH_ATTR, epoch);
        }
      }
    }
    useBuiltInFrontend(out);
    return out.build();
  }

  private static CacheOptions cache(CacheOptions cache) {
    CacheOptions.Builder out = cache.toBuilder();
    if (!cache.getExportRefDeprecated().isEmpty()) {
      out.addExports(
          CacheOptionsEntry.newBuilder()
              .setType("registry")
              .putAllAttrs(cache.getExportAttrsDeprecatedMap())
              .putAttrs("ref", cache.getExportRefDeprecated()));
      out.clearExportRefDeprecated().clearExportAttrsDeprecated();
    }
    for (String ref : cache.getImportRefsDeprecatedList()) {
      out.addImports(CacheOptionsEntry.newBuilder().setType("registry").putAttrs("ref", ref));
    }
    return out.clearImportRefsDeprecated().build();
  }

  /** A gateway whose source is the name of the built-in frontend means the built-in frontend. */
  private static void useBuiltInFrontend(SolveRequest.Builder out) {
    boolean replaced =
        out.getFrontendAttrsMap().keySet().stream()
            .anyMatch(
                key ->
                    key.equals("context:dockerfile.v0")
                        || key.startsWith("context:dockerfile.v0::"));
    if (out.getFrontend().equals("gateway.v0")
        && out.getFrontendAttrsOrDefault("source", "").equals("dockerfile.v0")
        && !replaced) {
      out.setFrontend("dockerfile.v0").removeFrontendAttrs("source");
    }
  }
}
