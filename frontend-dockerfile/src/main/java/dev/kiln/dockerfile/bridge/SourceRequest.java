package dev.kiln.dockerfile.bridge;

import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import org.jspecify.annotations.Nullable;

/**
 * Asks what a source stands for now.
 *
 * @param source identifier and attributes as an LLB op has them
 * @param platform the platform wanted of an image, or null for the worker's own
 * @param resolveMode {@code default}, {@code pull} or {@code local}
 * @param logName name of the vertex that shows the request, or empty for the daemon's own choice
 * @param gitObject true if the commit object of a git source is wanted
 */
public record SourceRequest(
    SourceOp source,
    @Nullable Platform platform,
    String resolveMode,
    String logName,
    boolean gitObject) {}
