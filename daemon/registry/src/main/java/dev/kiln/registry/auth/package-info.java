/**
 * How requests prove who asks: challenges, credentials from the build's client, tokens and their
 * cache.
 */
@NullMarked
package dev.kiln.registry.auth;

import org.jspecify.annotations.NullMarked;
