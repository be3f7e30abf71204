package dev.kiln.daemon.control;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.export.Exporter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings out a build's cache, as one request asks for it. */
public interface CacheExports {
  /** The inline cache for images, null when none was asked for. */
  Exporter.@Nullable InlineCache inline(Build build, BuildResult result);

  /** Exports to all backends asked for; returns entries for the response. */
  Map<String, String> export(Build build, BuildResult result) throws Exception;
}
