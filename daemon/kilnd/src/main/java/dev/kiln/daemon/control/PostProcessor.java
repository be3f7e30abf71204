package dev.kiln.daemon.control;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;

/** Adds to a result what was asked for beside it, such as attestations. */
@FunctionalInterface
public interface PostProcessor {
  /** The result to export; its refs need not be evaluated. */
  BuildResult process(BuildBridge bridge, BuildResult result) throws Exception;
}
