package dev.kiln.snapshotter.fileop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes a directory; one that is there already is left as it is.
 *
 * @param path taken within the root, links followed
 * @param mode permission bits
 * @param makeParents whether missing parents are made too, with the same mode, owner and time
 * @param owner null for root
 * @param timestamp null for now
 */
public record MakeDirectory(
    String path,
    int mode,
    boolean makeParents,
    @Nullable Owner owner,
    @Nullable Instant timestamp) {}
