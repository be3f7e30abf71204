package dev.kiln.registry.client;

import dev.kiln.snapshotter.content.Descriptor;

/**
 * What a reference points at now.
 *
 * @param host the server that said so, which may be a mirror
 */
public record ResolvedReference(Descriptor descriptor, String host) {}
