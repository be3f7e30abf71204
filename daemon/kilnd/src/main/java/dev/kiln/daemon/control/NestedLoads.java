package dev.kiln.daemon.control;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.op.Operations;
import dev.kiln.daemon.policy.SourcePolicies;
import dev.kiln.solver.Job;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.llb.InvalidLlbException;
import dev.kiln.solver.llb.LoadOptions;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import java.util.List;
import java.util.Optional;

/**
 * How definitions inside builds are loaded: they may do as much as their build, and take their
 * sources from where it may. Where several builds want the same vertex, what one of them was
 * granted is enough, and the source policies of all count. Safe for use by many threads.
 */
public final class NestedLoads implements Operations.NestedLoad {
  private final Builds builds;
  private final SourcePolicies policies;
  private final LoadOptions options;

  /**
   * @param options of all definitions
   */
  public NestedLoads(Builds builds, SourcePolicies policies, LoadOptions options) {
    this.builds = builds;
    this.policies = policies;
    this.options = options;
  }

  @Override
  public LoadOptions of(OpContext context) {
    List<Build> wanted =
        context.jobs().stream().map(Job::id).map(builds::find).flatMap(Optional::stream).toList();
    return options
        .withPolicy(source -> evaluate(wanted, source))
        .withCheck((op, metadata) -> check(wanted, op, metadata));
  }

  private Op evaluate(List<Build> wanted, Op source) throws Exception {
    Op current = source;
    for (Build build : wanted) {
      current = policies.evaluate(build, List.of(), current);
    }
    return current;
  }

  private static Op check(List<Build> wanted, Op op, OpMetadata metadata)
      throws InvalidLlbException {
    InvalidLlbException refusal = new InvalidLlbException("no build wants this definition now");
    for (Build build : wanted) {
      try {
        return build.entitlements().check(op, metadata);
      } catch (InvalidLlbException e) {
        refusal = e;
      }
    }
    throw refusal;
  }
}
