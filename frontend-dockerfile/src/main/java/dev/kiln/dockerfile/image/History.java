package dev.kiln.dockerfile.image;

import org.jspecify.annotations.Nullable;

/**
 * One entry of an image's history (OCI image-spec, config.md).
 *
 * @param created RFC 3339 time, or null
 * @param createdBy the command
 * @param author or empty
 * @param comment or empty
 * @param emptyLayer true if the command has made no layer
 */
public record History(
    @Nullable String created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {}
