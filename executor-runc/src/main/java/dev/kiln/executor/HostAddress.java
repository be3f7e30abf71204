package dev.kiln.executor;

/** An extra line of /etc/hosts: a name and its address as text. */
public record HostAddress(String host, String ip) {}
