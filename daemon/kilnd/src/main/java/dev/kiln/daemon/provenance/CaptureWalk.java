package dev.kiln.daemon.provenance;

import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.Evaluated;
import dev.kiln.solver.Job;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.MountType;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SecretEnv;
import java.util.Optional;

/** Collects what the steps below a ref used. Stateless. */
final class CaptureWalk {
  private CaptureWalk() {}

  /**
   * What a ref was made from.
   *
   * @param job whose vertices are still active
   * @return empty when the ref was not evaluated
   */
  static Optional<Capture> of(Job job, BuildRef ref) {
    Evaluated evaluated = ref.evaluatedAlready();
    if (evaluated == null) {
      return Optional.empty();
    }
    Capture capture = new Capture();
    for (Vertex vertex : evaluated.graph().vertices()) {
      add(job, vertex, capture);
    }
    return Optional.of(capture);
  }

  private static void add(Job job, Vertex vertex, Capture capture) {
    Op op = vertex.op();
    switch (op.getOpCase()) {
      case SOURCE ->
          job.operation(vertex)
              .ifPresent(
                  operation -> {
                    if (operation instanceof Captured source) {
                      source.capture(capture);
                    }
                  });
      case EXEC -> addExec(op.getExec(), capture);
      case BUILD -> capture.missedMaterials();
      case FILE, MERGE, DIFF, PASSTHROUGH, OP_NOT_SET -> {}
    }
  }

  private static void addExec(ExecOp exec, Capture capture) {
    for (Mount mount : exec.getMountsList()) {
      if (mount.getMountType() == MountType.SECRET) {
        capture.addSecret(mount.getSecretOpt().getID(), mount.getSecretOpt().getOptional());
      }
      if (mount.getMountType() == MountType.SSH) {
        capture.addSsh(mount.getSSHOpt().getID(), mount.getSSHOpt().getOptional());
      }
    }
    for (SecretEnv secret : exec.getSecretenvList()) {
      capture.addSecret(secret.getID(), secret.getOptional());
    }
    if (exec.getNetwork() != NetMode.NONE) {
      capture.reachedNetwork();
    }
  }
}
