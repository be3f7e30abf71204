package dev.kiln.daemon.control;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.solver.Job;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.llb.InvalidLlbException;
import dev.kiln.solver.llb.LoadOptions;
import java.util.List;
import java.util.Optional;

/**
 * What a definition inside a build may do: as much as the build itself. Safe for use by many
 * threads.
 */
public final class NestedChecks {
  private final Builds builds;

  public NestedChecks(Builds builds) {
    this.builds = builds;
  }

  /** The check for a definition that a vertex solves, on behalf of all builds that want it. */
  public LoadOptions.OpCheck of(OpContext context) {
    List<Build> wanted =
        context.jobs().stream().map(Job::id).map(builds::find).flatMap(Optional::stream).toList();
    return (op, metadata) -> {
      InvalidLlbException refusal = null;
      for (Build build : wanted) {
        try {
          return build.entitlements().check(op, metadata);
        } catch (InvalidLlbException e) {
          refusal = e;
        }
      }
      if (refusal == null) {
        throw BuildFailure.of("the build ended before its nested definition was loaded", null);
      }
      throw refusal;
    };
  }
}
