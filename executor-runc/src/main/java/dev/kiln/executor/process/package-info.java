/** Child processes, pipes and terminals through the C library. Knows nothing of containers. */
@NullMarked
package dev.kiln.executor.process;

import org.jspecify.annotations.NullMarked;
