package dev.kiln.registry.client;

import dev.kiln.snapshotter.content.Descriptor;

/**
 * A manifest or an index with its bytes.
 *
 * @param bytes whose digest is the descriptor's; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
public record FetchedManifest(Descriptor descriptor, byte[] bytes) {}
