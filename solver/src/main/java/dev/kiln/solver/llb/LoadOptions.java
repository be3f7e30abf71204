package dev.kiln.solver.llb;

import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.Platform;

/**
 * What a daemon adds when a definition is loaded.
 *
 * @param defaultPlatform for ops that name none
 * @param policy may replace or refuse a source, before digests are made; calls for different
 *     sources may overlap
 * @param check may replace or refuse an op (entitlements, devices), after digests are made
 */
public record LoadOptions(Platform defaultPlatform, SourcePolicy policy, OpCheck check) {
  /** No policy, everything allowed, the local platform. */
  public static LoadOptions permissive() {
    return new LoadOptions(Platforms.local(), op -> op, (op, metadata) -> op);
  }

  /** Gives the same options with another policy. */
  public LoadOptions withPolicy(SourcePolicy other) {
    return new LoadOptions(defaultPlatform, other, check);
  }

  /** Gives the same options with another check. */
  public LoadOptions withCheck(OpCheck other) {
    return new LoadOptions(defaultPlatform, policy, other);
  }

  /** Decides about one source. */
  @FunctionalInterface
  public interface SourcePolicy {
    /**
     * Gives the op to use instead, or the same.
     *
     * @throws Exception if the source is refused; the message reaches the client
     */
    Op evaluate(Op source) throws Exception;
  }

  /** Decides about one op. */
  @FunctionalInterface
  public interface OpCheck {
    /**
     * Gives the op to use instead, or the same.
     *
     * @throws InvalidLlbException if the op is not allowed
     */
    Op check(Op op, OpMetadata metadata) throws InvalidLlbException;
  }
}
