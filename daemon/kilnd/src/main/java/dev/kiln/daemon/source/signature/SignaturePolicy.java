package dev.kiln.daemon.source.signature;

import java.time.Instant;

/**
 * What is asked of a signature beyond being right.
 *
 * @param rejectExpiredKeys whether its key must be valid now; otherwise it is enough that the key
 *     was valid when the signature was made. SSH keys do not expire.
 * @param now the time
 */
public record SignaturePolicy(boolean rejectExpiredKeys, Instant now) {}
