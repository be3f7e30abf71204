package dev.kiln.registry.client;

import dev.kiln.registry.auth.Scopes;
import dev.kiln.registry.failure.HostAnswer;
import dev.kiln.registry.failure.RegistryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The servers that may answer for a registry name, call one after the other. Thread-safe. */
final class Hosts {
  private static final Logger LOG = LoggerFactory.getLogger(Hosts.class);

  private final List<HostCaller> callers;

  /**
   * @param callers at least one, the first to be call first
   */
  Hosts(List<HostCaller> callers) {
    this.callers = List.copyOf(callers);
  }

  /** An answer and the host that gave it. */
  record Answered<T>(T value, String host) {}

  /**
   * The first good answer.
   *
   * @throws RegistryException the weightiest failure, with every host's answer, if no host has a
   *     good one
   */
  <T> Answered<T> ask(RegistryCall<T> call, Scopes scopes) throws IOException {
    List<HostAnswer> answers = new ArrayList<>();
    RegistryException weightiest = null;
    for (HostCaller caller : callers) {
      try {
        return new Answered<>(caller.call(call, scopes), caller.server().host());
      } catch (RegistryException e) {
        LOG.debug("{}", e.getMessage());
        answers.addAll(e.answers());
        weightiest = heavier(weightiest, e);
      }
    }
    throw callers.size() == 1 && weightiest != null
        ? weightiest
        : combined(call, weightiest, answers);
  }

  private static RegistryException heavier(
      @Nullable RegistryException one, RegistryException other) {
    return one == null || other.weight() > one.weight() ? other : one;
  }

  private static RegistryException combined(
      RegistryCall<?> call, @Nullable RegistryException failure, List<HostAnswer> answers) {
    if (failure == null) {
      throw new IllegalStateException("no host is configured for " + call.purpose());
    }
    RegistryException all = failure.after(call.purpose(), answers);
    all.addSuppressed(failure);
    return all;
  }
}
