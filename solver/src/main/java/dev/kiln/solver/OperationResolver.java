package dev.kiln.solver;

/** Finds the operation of a vertex. Safe for use by many threads. */
@FunctionalInterface
public interface OperationResolver {
  /** Makes the operation; called once for a vertex while it is active. */
  Operation resolve(Vertex vertex) throws Exception;
}
