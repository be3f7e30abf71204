package dev.kiln.registry.failure;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection failed, or broke more often than Kiln tries again. The cause is the last failure.
 */
public final class UnreachableException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /**
   * @param purpose what was tried, beginning with a verb
   */
  public UnreachableException(String purpose, List<HostAnswer> answers, @Nullable Throwable cause) {
    super(purpose, answers, "", cause);
  }

  /** A failure of one host. */
  public static UnreachableException of(String purpose, String host, IOException cause) {
    return new UnreachableException(
        purpose, List.of(new HostAnswer(host, 0, describe(host, cause))), cause);
  }

  private static String describe(String host, Throwable failure) {
    Throwable deepest = failure;
    for (int depth = 0; depth < 8 && deepest.getCause() != null; depth++) {
      deepest = deepest.getCause();
    }
    String message = failure.getMessage() != null ? failure.getMessage() : deepest.getMessage();
    String kind = deepest.getClass().getSimpleName().replace("Exception", "");
    return switch (kind) {
      case "UnresolvedAddress", "UnknownHost" ->
          // In the words of stock daemons, which scripts look for.
          "dial tcp: lookup " + host.replaceFirst(":\\d+$", "") + ": no such host";
      case "ClosedChannel" -> message == null ? "connection refused" : message;
      default -> message == null ? kind : message;
    };
  }

  @Override
  public UnreachableException after(String purpose, List<HostAnswer> allAnswers) {
    return new UnreachableException(purpose, allAnswers, getCause());
  }

  @Override
  public int weight() {
    return 0;
  }
}
