/** Images made from results: layers, configs, manifests, indexes, and the ways they leave. */
@NullMarked
package dev.kiln.daemon.export.image;

import org.jspecify.annotations.NullMarked;
