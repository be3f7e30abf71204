/**
 * Tests of the packed daemon with real parts: clients, a registry, an engine, readers of images;
 * and rules for the source tree.
 */
package dev.kiln.integration;
