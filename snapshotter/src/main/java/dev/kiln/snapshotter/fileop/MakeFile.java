package dev.kiln.snapshotter.fileop;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file whose parent exists; the content of one that is there already is replaced.
 *
 * @param path taken within the root, links followed
 * @param mode permission bits of a new file
 * @param content not copied: do not change it afterwards
 * @param owner null for root
 * @param timestamp null for now
 */
@SuppressWarnings("ArrayRecordComponent") // file contents, never compared
public record MakeFile(
    String path, int mode, byte[] content, @Nullable Owner owner, @Nullable Instant timestamp) {}
