package dev.kiln.solver;

/**
 * One output of a vertex.
 *
 * @param vertex the vertex that makes the output
 * @param output index of the output, from 0
 */
public record Edge(Vertex vertex, int output) {}
