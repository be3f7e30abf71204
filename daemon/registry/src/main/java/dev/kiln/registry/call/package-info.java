/**
 * Single calls of the registry's HTTP interface, and the one caller that sends them with
 * authentication, redirects and retries.
 */
@NullMarked
package dev.kiln.registry.call;

import org.jspecify.annotations.NullMarked;
