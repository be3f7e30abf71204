package dev.kiln.daemon.trace;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets the processes of builds send spans, if a socket for that is configured: they are told their
 * place in the trace and where to send. Immutable.
 */
public final class ProcessTraces {
  private final @Nullable Path socket;
  private final Function<String, Optional<TraceContext>> builds;

  /**
   * How processes are told.
   *
   * @param socket where the trace service listens, or null when processes are told nothing
   * @param builds the place of a running build in its trace, by the build's reference
   */
  public ProcessTraces(@Nullable Path socket, Function<String, Optional<TraceContext>> builds) {
    this.socket = socket;
    this.builds = builds;
  }

  /** Where processes send their spans; null when they are told nothing. */
  public @Nullable Path socket() {
    return socket;
  }

  /**
   * The environment of a step. Where several builds want it, it belongs to the first.
   *
   * @param env what it has already, which is left as it is
   * @param refs the references of the builds that want the step, oldest first
   * @param vertex the digest of the step
   */
  public List<String> environment(List<String> env, List<String> refs, String vertex) {
    if (socket == null) {
      return env;
    }
    return refs.stream()
        .flatMap(ref -> builds.apply(ref).stream())
        .findFirst()
        .map(build -> environment(env, build.child(vertex)))
        .orElse(env);
  }

  /** The environment of a process at a place in a trace. */
  public List<String> environment(List<String> env, TraceContext place) {
    if (socket == null) {
      return env;
    }
    List<String> out = new ArrayList<>(env);
    add(out, TraceContext.PARENT, place.traceparent());
    if (!place.state().isEmpty()) {
      add(out, TraceContext.STATE, place.state());
    }
    return out;
  }

  private static void add(List<String> env, String header, String value) {
    String name = header.toUpperCase(Locale.ROOT) + "=";
    if (env.stream().noneMatch(each -> each.startsWith(name))) {
      env.add(name + value);
    }
  }
}
