package dev.kiln.dockerfile.instruction;

/** A CDI device of {@code RUN --device}. */
public record RunDevice(String name, boolean required) {}
