/** Errors as they travel: gRPC status codes and BuildKit's typed details. */
@NullMarked
package dev.kiln.wire.error;

import org.jspecify.annotations.NullMarked;
