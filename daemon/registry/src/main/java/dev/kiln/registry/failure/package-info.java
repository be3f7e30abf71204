/** What can go wrong between Kiln and a registry, as one closed set of exceptions. */
@NullMarked
package dev.kiln.registry.failure;

import org.jspecify.annotations.NullMarked;
