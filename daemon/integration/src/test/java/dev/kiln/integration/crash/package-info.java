/**
 * Daemons that are killed, whose disk is damaged, cut off from power or full: what they said was
 * done stays done, and nothing is left lying about.
 */
package dev.kiln.integration.crash;
