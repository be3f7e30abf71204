package dev.kiln.dockerfile.llb;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.WorkerConstraints;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/** What one marshalling run knows: the default platform, and the vertices that are done. */
final class MarshalContext {

  private final Platform defaultPlatform;
  private final IdentityHashMap<Vertex, MarshalledOp> done = new IdentityHashMap<>();

  MarshalContext(Platform defaultPlatform) {
    this.defaultPlatform = defaultPlatform;
  }

  boolean isDone(Vertex vertex) {
    return done.containsKey(vertex);
  }

  MarshalledOp marshal(Vertex vertex) {
    MarshalledOp op = vertex.marshal(this);
    done.put(vertex, op);
    return op;
  }

  /** The edge to an output whose vertex is done. */
  Input input(Output output) {
    MarshalledOp op = done.get(output.vertex());
    if (op == null) {
      throw new IllegalStateException("an input must be marshalled before what stands on it");
    }
    return Input.newBuilder().setDigest(op.digest()).setIndex(output.index()).build();
  }

  /** An op with the parts that all kinds have in common. */
  Op.Builder newOp(boolean platformSpecific, @Nullable Platform platform) {
    Op.Builder op = Op.newBuilder().setConstraints(WorkerConstraints.getDefaultInstance());
    if (platformSpecific) {
      op.setPlatform((platform == null ? defaultPlatform : platform).toWire());
    }
    return op;
  }

  /** Ends an op: canonical bytes, digest, metadata. */
  MarshalledOp finish(Op op, Constraints constraints) {
    ByteString bytes = CanonicalOp.encode(op);
    return new MarshalledOp(
        CanonicalOp.digest(bytes), bytes, constraints.metadata(), constraints.locations());
  }
}
