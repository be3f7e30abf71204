/** The OCI runtime specification's config.json for a container: what it says, and why. */
@NullMarked
package dev.kiln.executor.oci;

import org.jspecify.annotations.NullMarked;
