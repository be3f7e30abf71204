package dev.kiln.daemon.policy;

import dev.kiln.wire.error.Detailed;
import dev.kiln.wire.error.ErrorDetail;
import java.util.List;

/** A source that is refused, or a policy that cannot be followed. */
final class PolicyException extends Exception implements Detailed {
  private final transient List<ErrorDetail> details;

  PolicyException(String message) {
    super(message);
    this.details = List.of();
  }

  PolicyException(String message, Throwable cause) {
    super(message, cause);
    this.details = List.of();
  }

  PolicyException(String message, ErrorDetail.PolicyDecision decision) {
    super(message);
    this.details = List.of(decision);
  }

  @Override
  public List<ErrorDetail> details() {
    return details;
  }
}
