/** The client of OCI distribution registries. */
@NullMarked
package dev.kiln.registry;

import org.jspecify.annotations.NullMarked;
