/**
 * Wording shared by messages of the Dockerfile language: quoting and "did you mean" suggestions.
 */
@NullMarked
package dev.kiln.dockerfile.text;

import org.jspecify.annotations.NullMarked;
