package dev.kiln.daemon.source.http;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a URL stands for in one build.
 *
 * @param digest of the content
 * @param filename of the file in the tree
 * @param lastModified as the server says; null when it does not, or when nothing was asked
 * @param refId the tree that holds the file; null when nothing was downloaded
 */
record HttpContent(
    String digest, String filename, @Nullable Instant lastModified, @Nullable String refId) {}
