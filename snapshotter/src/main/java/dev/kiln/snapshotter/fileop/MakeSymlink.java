package dev.kiln.snapshotter.fileop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes a symlink where nothing is.
 *
 * @param target the link's text, as it is
 * @param path where the link is made, taken within the root
 * @param owner null for root
 * @param timestamp null for now
 */
public record MakeSymlink(
    String target, String path, @Nullable Owner owner, @Nullable Instant timestamp) {}
