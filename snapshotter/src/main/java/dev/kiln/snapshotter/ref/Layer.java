package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One layer of a ref's chain, as it is known now.
 *
 * @param refId the ref that adds the layer
 * @param blob null until it was compressed or came from elsewhere
 * @param diffId null as long as {@code blob} is
 */
public record Layer(
    String refId,
    @Nullable Descriptor blob,
    @Nullable Digest diffId,
    Instant createdAt,
    String description) {}
