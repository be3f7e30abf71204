/**
 * What the Dockerfile frontend asks of the daemon that runs it, and what it hands back: the bridge,
 * its requests and answers, the result of a build and its failures.
 */
@NullMarked
package dev.kiln.dockerfile.bridge;

import org.jspecify.annotations.NullMarked;
