/** Which servers stand behind a registry's name: mirrors, plain HTTP, certificates, connections. */
@NullMarked
package dev.kiln.registry.host;

import org.jspecify.annotations.NullMarked;
