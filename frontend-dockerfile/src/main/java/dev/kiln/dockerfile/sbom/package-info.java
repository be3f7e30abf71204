/** Lists what is in a build's results, by running a scanner image over them. */
@NullMarked
package dev.kiln.dockerfile.sbom;

import org.jspecify.annotations.NullMarked;
