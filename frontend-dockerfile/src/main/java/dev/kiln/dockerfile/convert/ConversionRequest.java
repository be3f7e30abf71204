package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.context.BuildContexts;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.dockerfile.context.DockerfileText;
import dev.kiln.dockerfile.lint.LintSink;
import dev.kiln.dockerfile.llb.Platform;
import org.jspecify.annotations.Nullable;

/**
 * What to convert.
 *
 * @param platform to build for, or null for the daemon's own or whatever the base image has
 * @param warnings receives lint warnings
 * @param allStages true to convert stages that the target does not need, too
 */
public record ConversionRequest(
    DockerfileText file,
    BuildOptions options,
    BuildContexts contexts,
    @Nullable Platform platform,
    LintSink warnings,
    boolean allStages) {

  /** The same request for all stages, with another receiver of warnings. */
  public ConversionRequest forLint(LintSink sink) {
    return new ConversionRequest(
        file, options, contexts, platform, sink, allStages || options.target().isEmpty());
  }
}
