/**
 * Whole images: pulling manifests and lazy layers into a content store, pushing a tree of
 * descriptors.
 */
@NullMarked
package dev.kiln.registry.transfer;

import org.jspecify.annotations.NullMarked;
