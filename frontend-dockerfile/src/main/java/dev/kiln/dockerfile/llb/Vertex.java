package dev.kiln.dockerfile.llb;

import java.util.List;

/** One operation of a graph. Vertices are immutable and compared by identity. */
interface Vertex {

  /** What it stands on, in the order in which a definition lists it. */
  List<Output> inputs();

  /** The operation's bytes and what is said about it. Called after its inputs were marshalled. */
  MarshalledOp marshal(MarshalContext context);
}
