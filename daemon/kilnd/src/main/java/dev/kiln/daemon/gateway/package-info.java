/** The LLBBridge service, through which a frontend drives a build. */
@NullMarked
package dev.kiln.daemon.gateway;

import org.jspecify.annotations.NullMarked;
