/** Rules for the source tree: which room may need which, and what keeps files easy to read. */
package dev.kiln.tree;
