/**
 * What a Dockerfile is built with, beside the Dockerfile: the build's options, the main context,
 * named contexts, and the Dockerfile's own source.
 */
@NullMarked
package dev.kiln.dockerfile.context;

import org.jspecify.annotations.NullMarked;
