package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.instruction.ArgInstruction.BuildArg;
import dev.kiln.dockerfile.parser.Location;
import java.util.Set;

/**
 * A declared argument and what it has become.
 *
 * @param value or empty
 * @param dependencies arguments that its default was made from
 */
record ArgUse(BuildArg definition, String value, Set<String> dependencies, Location location) {}
