/** Names of images: their grammar, their normal and their familiar form. */
@NullMarked
package dev.kiln.registry.reference;

import org.jspecify.annotations.NullMarked;
