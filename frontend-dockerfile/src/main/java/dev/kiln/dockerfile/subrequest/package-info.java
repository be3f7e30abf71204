/**
 * Answers to questions about a Dockerfile (outline, targets, lint), as JSON for programs and as
 * text for people.
 */
@NullMarked
package dev.kiln.dockerfile.subrequest;

import org.jspecify.annotations.NullMarked;
