package dev.kiln.daemon.control;

import dev.kiln.solver.Job;
import dev.kiln.solver.why.BuildNames;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a build's request and its sessions tell of it: the folder or address that is built, and the
 * arguments that were given. Safe for use by many threads.
 */
public final class RequestNames implements BuildNames {
  private static final String ARGUMENT = "build-arg:";

  private final Builds builds;
  private final SessionRegistry sessions;

  public RequestNames(Builds builds, SessionRegistry sessions) {
    this.builds = builds;
    this.sessions = sessions;
  }

  private Map<String, String> attributes(Job job) {
    return builds
        .find(job.id())
        .map(build -> build.request())
        .map(SolveRequest::getFrontendAttrsMap)
        .orElse(Map.of());
  }

  @Override
  public String project(Job job) {
    String context = attributes(job).getOrDefault("context", "");
    for (String id : job.sessions()) {
      Session session = sessions.find(id);
      if (session != null) {
        return context + "\0" + session.sharedKey();
      }
    }
    return context;
  }

  @Override
  public Set<String> arguments(Job job) {
    return attributes(job).keySet().stream()
        .filter(name -> name.startsWith(ARGUMENT))
        .map(name -> name.substring(ARGUMENT.length()))
        .collect(Collectors.toUnmodifiableSet());
  }
}
