/** What registries hold: media types, manifests, indexes, configs and platforms, as values. */
@NullMarked
package dev.kiln.registry.image;

import org.jspecify.annotations.NullMarked;
