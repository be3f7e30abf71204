package dev.kiln.daemon.provenance;

import dev.kiln.solver.pb.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * All that a predicate tells, gathered.
 *
 * @param capture what was used
 * @param call how it was asked for
 * @param definition of the result
 * @param layers for each output of an op of the definition its layers' descriptors, by the op's
 *     digest, a colon and the output's index
 * @param builderPlatform as {@code linux/amd64}
 * @param dockerfileVersion of the built-in frontend
 * @param environment what the daemon's owner adds
 */
record Facts(
    Capture capture,
    RequestRecord call,
    Definition definition,
    Map<String, List<ObjectNode>> layers,
    String builderPlatform,
    String dockerfileVersion,
    ObjectNode environment,
    String invocation,
    Instant started,
    Instant finished,
    long compatibilityVersion) {}
