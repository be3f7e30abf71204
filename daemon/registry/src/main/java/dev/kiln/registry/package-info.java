/**
 * The client of OCI and Docker registries, which knows nothing of builds: names ({@code
 * reference}), what registries hold ({@code image}), how they are reached ({@code host}, {@code
 * auth}), talking to them ({@code client}) and moving whole images ({@code transfer}).
 */
@NullMarked
package dev.kiln.registry;

import org.jspecify.annotations.NullMarked;
