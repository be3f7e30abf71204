package dev.kiln.executor;

/**
 * A limit of a process as of setrlimit(2).
 *
 * @param name without prefix, in any case, such as {@code nofile}
 * @param soft in the limit's own unit; -1 means unlimited
 * @param hard in the limit's own unit; -1 means unlimited
 */
public record Ulimit(String name, long soft, long hard) {}
