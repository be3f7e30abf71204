package dev.kiln.daemon;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.control.CacheExports;
import dev.kiln.daemon.export.Exporter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exports no cache. */
final class NoCacheExports implements CacheExports {
  static final NoCacheExports NONE = new NoCacheExports();

  private NoCacheExports() {}

  @Override
  public Exporter.@Nullable InlineCache inline(Build build, BuildResult result) {
    return null;
  }

  @Override
  public Map<String, String> export(Build build, BuildResult result) {
    return Map.of();
  }
}
