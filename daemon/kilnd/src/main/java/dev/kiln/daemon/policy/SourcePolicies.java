package dev.kiln.daemon.policy;

import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildServices;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.error.ErrorDetail;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.policysession.CheckPolicyRequest;
import dev.kiln.wire.policysession.CheckPolicyResponse;
import dev.kiln.wire.policysession.DecisionResponse;
import dev.kiln.wire.policysession.DenyMessage;
import dev.kiln.wire.session.RemotePolicy;
import dev.kiln.wire.session.SessionRegistry;
import dev.kiln.wire.sourcepolicy.Policy;
import dev.kiln.wire.sourcepolicy.PolicyAction;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides about the sources of builds: first by the rules that came with the request, then by
 * asking the client, where it offered to decide itself (control.md and session.md, section 12).
 * Safe for use by many threads.
 */
public final class SourcePolicies implements BuildServices.PolicyEngine {
  /** Questions and conversions about one source, after which a client is taken to be confused. */
  private static final int MAX_QUESTIONS = 10;

  private final SessionRegistry sessions;
  private final BuildServices.SourceMetaResolver metas;

  /**
   * Decides with the help of clients.
   *
   * @param metas resolves what clients want to know of a source before they decide; by {@link
   *     #byRules} only, as asking again would have no end
   */
  public SourcePolicies(SessionRegistry sessions, BuildServices.SourceMetaResolver metas) {
    this.sessions = sessions;
    this.metas = metas;
  }

  /** Decides by rules only. */
  public static Op byRules(Build build, List<Policy> more, Op source) throws Exception {
    List<Policy> policies = new ArrayList<>();
    policies.add(build.request().getSourcePolicy());
    policies.addAll(more);
    SourceOp decided = new PolicyRules(policies).evaluate(source.getSource());
    return source.toBuilder().setSource(decided).build();
  }

  @Override
  public Op evaluate(Build build, List<Policy> more, Op source) throws Exception {
    Op current = byRules(build, more, source);
    String session = build.request().getSourcePolicySession();
    if (session.isEmpty()) {
      return current;
    }
    RemotePolicy client = new RemotePolicy(sessions.get(session));
    CheckPolicyRequest question = about(current);
    for (int asked = 0; asked < MAX_QUESTIONS; asked++) {
      CheckPolicyResponse answer = client.check(question);
      if (answer.hasRequest()) {
        question =
            question.toBuilder().setSource(look(build, more, current, answer.getRequest())).build();
        continue;
      }
      if (!answer.hasDecision()) {
        throw new PolicyException("no decision in policy response");
      }
      DecisionResponse decision = answer.getDecision();
      switch (decision.getAction()) {
        case ALLOW -> {
          return current;
        }
        case CONVERT -> {
          current = byRules(build, more, converted(current, decision));
          question = about(current);
        }
        case DENY, UNRECOGNIZED -> throw denied(current, decision);
      }
    }
    throw new PolicyException("too many policy requests");
  }

  private static CheckPolicyRequest about(Op op) {
    CheckPolicyRequest.Builder out =
        CheckPolicyRequest.newBuilder()
            .setSource(ResolveSourceMetaResponse.newBuilder().setSource(op.getSource()));
    if (op.hasPlatform()) {
      out.setPlatform(op.getPlatform());
    }
    return out.build();
  }

  private ResolveSourceMetaResponse look(
      Build build, List<Policy> more, Op current, ResolveSourceMetaRequest wanted)
      throws Exception {
    SourceOp source = current.getSource();
    if (!wanted.getSource().getIdentifier().equals(source.getIdentifier())) {
      throw new PolicyException(
          "policy requested different source identifier: \""
              + wanted.getSource().getIdentifier()
              + "\" != \""
              + source.getIdentifier()
              + "\"");
    }
    if (!wanted.getSource().getAttrsMap().equals(source.getAttrsMap())) {
      throw new PolicyException("policy requested different source attrs");
    }
    return metas.resolve(build, more, wanted);
  }

  private static Op converted(Op current, DecisionResponse decision) throws PolicyException {
    if (!decision.hasUpdate()) {
      throw new PolicyException("convert action requires updated source");
    }
    SourceOp.Builder source =
        current.getSource().toBuilder()
            .setIdentifier(decision.getUpdate().getIdentifier())
            .clearAttrs()
            .putAllAttrs(decision.getUpdate().getAttrsMap());
    return current.toBuilder().setSource(source).build();
  }

  private static PolicyException denied(Op current, DecisionResponse decision) {
    PolicyAction action = decision.getAction();
    return new PolicyException(
        "source \""
            + current.getSource().getIdentifier()
            + "\" not allowed by policy: action "
            + action,
        new ErrorDetail.PolicyDecision(
            decision.getActionValue(),
            decision.getDenyMessagesList().stream().map(DenyMessage::getMessage).toList()));
  }
}
