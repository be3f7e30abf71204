package dev.kiln.solver.store;

import java.time.Instant;

/**
 * A result that a key leads to.
 *
 * @param id what the result store calls it
 * @param createdAt when it was made; of several the newest is used
 */
public record StoredResult(String id, Instant createdAt) {}
