/** Git sources over each of git's protocols: real servers on the loopback, real clients. */
package dev.kiln.integration.git;
