package dev.kiln.dockerfile.llb;

import org.jspecify.annotations.Nullable;

/** One output of a vertex. */
interface Output {

  Vertex vertex();

  /** Which output of the vertex. */
  int index();

  /** The platform that a state takes over from this output, or null if it keeps its own. */
  @Nullable Platform platform();

  /** An output that is known. */
  record Fixed(Vertex vertex, int index, @Nullable Platform platform) implements Output {}
}
