package dev.kiln.wire.session;

import dev.kiln.wire.policysession.CheckPolicyRequest;
import dev.kiln.wire.policysession.CheckPolicyResponse;
import dev.kiln.wire.policysession.PolicyVerifierGrpc;

/** A client's say on each source. Thread-safe. */
public final class RemotePolicy {
  private final Session session;

  /** Asks this session. */
  public RemotePolicy(Session session) {
    this.session = session;
  }

  /** One round: the client decides, or asks for metadata of the source. */
  public CheckPolicyResponse check(CheckPolicyRequest request) {
    return PolicyVerifierGrpc.newBlockingStub(session.channel()).checkPolicy(request);
  }
}
