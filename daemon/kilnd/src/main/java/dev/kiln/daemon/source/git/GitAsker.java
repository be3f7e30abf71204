package dev.kiln.daemon.source.git;

import dev.kiln.solver.Job;
import dev.kiln.solver.VertexProgress;
import java.util.List;
import java.util.function.Supplier;

/**
 * Who wants a commit.
 *
 * @param jobs the builds
 * @param sessions ids of their clients' sessions, asked for anew each time
 * @param progress where git's output is shown
 */
record GitAsker(List<Job> jobs, Supplier<List<String>> sessions, VertexProgress progress) {}
