/**
 * Dockerfile text to syntax tree: directives, continuation lines, comments and here-documents.
 *
 * <p>A library for whatever reads Dockerfiles: it needs no daemon and no files.
 *
 * <pre>{@code
 * SyntaxTree tree = DockerfileParser.parse(Files.readString(path));
 * for (Node node : tree.nodes()) {
 *   System.out.println(node.location().startLine() + ": " + node.original());
 * }
 * }</pre>
 *
 * <p>{@link dev.kiln.dockerfile.instruction.DockerfileReader} makes typed instructions of the tree.
 */
@NullMarked
package dev.kiln.dockerfile.parser;

import org.jspecify.annotations.NullMarked;
