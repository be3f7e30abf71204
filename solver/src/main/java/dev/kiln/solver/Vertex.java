package dev.kiln.solver;

import dev.kiln.solver.pb.Op;
import java.util.List;

/**
 * One operation of a build graph with the edges it stands on. Two vertices with equal digests are
 * the same work, whichever build brought them. Immutable.
 */
public final class Vertex {
  private final String digest;
  private final String clientDigest;
  private final Op op;
  private final String name;
  private final VertexOptions options;
  private final List<Edge> inputs;
  private final int depth;
  private final Vertex base;

  /**
   * Makes a vertex.
   *
   * @param digest identity: the digest of the op's canonical bytes
   * @param clientDigest digest of the bytes as the client wrote them; keys of its source locations
   * @param op the operation with its normalised platform
   * @param name what to call it in progress
   * @param options what the client says about it
   * @param inputs what it stands on, in the order of the op's inputs
   */
  public Vertex(
      String digest,
      String clientDigest,
      Op op,
      String name,
      VertexOptions options,
      List<Edge> inputs) {
    this.digest = digest;
    this.clientDigest = clientDigest;
    this.op = op;
    this.name = name;
    this.options = options;
    this.inputs = List.copyOf(inputs);
    this.depth = this.inputs.stream().mapToInt(e -> e.vertex().depth + 1).max().orElse(0);
    this.base = this.inputs.isEmpty() ? this : this.inputs.getFirst().vertex().base;
  }

  /** The identity of the vertex: {@code sha256:} and hex. */
  public String digest() {
    return digest;
  }

  /** The digest under which the client's definition knows the op. */
  public String clientDigest() {
    return clientDigest;
  }

  /** The operation; its platform is set and normalised. */
  public Op op() {
    return op;
  }

  /** What to show to people. */
  public String name() {
    return name;
  }

  /** What the client says about the vertex. */
  public VertexOptions options() {
    return options;
  }

  /** The edges that the vertex stands on, in the order of the op's inputs. */
  public List<Edge> inputs() {
    return inputs;
  }

  /** Length of the longest path down to a vertex without inputs. */
  public int depth() {
    return depth;
  }

  /** Where the first inputs lead down to, such as the base image; itself if it has no inputs. */
  public Vertex base() {
    return base;
  }

  @Override
  public String toString() {
    return name + " (" + digest + ")";
  }
}
