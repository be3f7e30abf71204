/**
 * Where cache keys, their links and their results are kept: in memory or in RocksDB. Also the
 * daemon's handle on its metadata database.
 */
@NullMarked
package dev.kiln.solver.store;

import org.jspecify.annotations.NullMarked;
