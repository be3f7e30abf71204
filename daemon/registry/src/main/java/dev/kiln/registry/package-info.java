/**
 * The client of OCI and Docker registries: {@link dev.kiln.registry.RegistryClient} opens
 * repositories, {@link dev.kiln.registry.Repository} resolves, reads and writes what is in one.
 */
@NullMarked
package dev.kiln.registry;

import org.jspecify.annotations.NullMarked;
