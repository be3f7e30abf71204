package dev.kiln.executor;

/**
 * A mount in a container besides its root.
 *
 * @param destination absolute path in the container
 * @param selector path inside the source to mount instead of its root; links in it cannot leave the
 *     source; empty means the root
 */
public record OpMount(String destination, MountSource source, boolean readonly, String selector) {}
