/**
 * The registry client: {@link dev.kiln.registry.client.RegistryClient} opens a {@link
 * dev.kiln.registry.client.Repository} for one build. Below it, each call of the HTTP interface is
 * a small value, and one caller sends them with authentication, redirects and further attempts.
 */
@NullMarked
package dev.kiln.registry.client;

import org.jspecify.annotations.NullMarked;
