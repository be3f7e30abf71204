package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SourceOp;
import java.util.List;

/** Files that come from outside the graph. */
final class SourceVertex implements Vertex {

  private final SourceOp source;
  private final Constraints constraints;

  SourceVertex(SourceOp source, Constraints constraints) {
    this.source = source;
    this.constraints = constraints;
  }

  SourceOp source() {
    return source;
  }

  @Override
  public List<Output> inputs() {
    return List.of();
  }

  @Override
  public MarshalledOp marshal(MarshalContext context) {
    String id = source.getIdentifier();
    boolean image = id.startsWith("docker-image://") || id.startsWith("oci-layout://");
    Op op = context.newOp(image, constraints.platform()).setSource(source).build();
    return context.finish(op, constraints);
  }
}
