/**
 * What an operator says about the daemon: its command line and its configuration file, merged into
 * one {@link dev.kiln.daemon.config.KilndConfig}. Both have the shape of BuildKit's, so that a
 * set-up moves over unchanged.
 */
@NullMarked
package dev.kiln.daemon.config;

import org.jspecify.annotations.NullMarked;
