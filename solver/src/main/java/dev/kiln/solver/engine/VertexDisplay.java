package dev.kiln.solver.engine;

import dev.kiln.solver.pb.ProgressGroup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a build shows a vertex. */
record VertexDisplay(
    String digest, List<String> inputs, String name, @Nullable ProgressGroup group) {}
