package dev.kiln.daemon.policy;

import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.sourcepolicy.Policy;
import dev.kiln.wire.sourcepolicy.Rule;
import java.util.List;
import java.util.Map;

/**
 * Follows the rules of policies: of those that allow or deny the last that matches a source counts,
 * and one that converts a source makes all policies look at it again. Immutable.
 */
final class PolicyRules {
  /** Rules that convert to and fro would go on for ever. */
  private static final int MAX_CONVERSIONS = 20;

  private final List<Policy> policies;

  PolicyRules(List<Policy> policies) {
    this.policies = List.copyOf(policies);
  }

  /**
   * The source to use instead of one, or the same.
   *
   * @throws PolicyException when it is denied, or a rule is malformed
   */
  SourceOp evaluate(SourceOp source) throws PolicyException {
    SourceOp current = source;
    for (int conversions = 0; conversions <= MAX_CONVERSIONS; conversions++) {
      SourceOp next = once(current);
      if (next.equals(current)) {
        return current;
      }
      current = next;
    }
    throw new PolicyException("too many mutations on a single source: too many operations");
  }

  /** What the first policy that converts makes of the source. */
  private SourceOp once(SourceOp source) throws PolicyException {
    for (Policy policy : policies) {
      SourceOp converted = follow(policy, source);
      if (!converted.equals(source)) {
        return converted;
      }
    }
    return source;
  }

  private static SourceOp follow(Policy policy, SourceOp source) throws PolicyException {
    boolean denied = false;
    for (Rule rule : policy.getRulesList()) {
      if (!rule.hasSelector()) {
        throw new PolicyException("invalid nil selector in policy");
      }
      SourceSelector selector = new SourceSelector(rule.getSelector());
      if (!selector.matches(source.getIdentifier(), source.getAttrsMap())) {
        continue;
      }
      switch (rule.getAction()) {
        case ALLOW -> denied = false;
        case DENY -> denied = true;
        case CONVERT -> {
          SourceOp converted = convert(rule, selector, source);
          if (!converted.equals(source)) {
            return converted;
          }
        }
        case UNRECOGNIZED ->
            throw new PolicyException(
                "source policy: rule "
                    + rule.getActionValue()
                    + " "
                    + rule.getSelector().getIdentifier()
                    + ": unknown type \""
                    + source.getIdentifier()
                    + "\"");
      }
    }
    if (denied) {
      throw new PolicyException(
          "source \"" + source.getIdentifier() + "\" denied by policy: source denied by policy");
    }
    return source;
  }

  private static SourceOp convert(Rule rule, SourceSelector selector, SourceOp source)
      throws PolicyException {
    if (!rule.hasUpdates()) {
      throw new PolicyException(
          "error mutating source policy: missing destination for convert rule");
    }
    String wanted = rule.getUpdates().getIdentifier();
    String template = wanted.isEmpty() ? rule.getSelector().getIdentifier() : wanted;
    String identifier = selector.format(source.getIdentifier(), template);
    SourceOp.Builder out = source.toBuilder();
    if (!identifier.isEmpty()) {
      out.setIdentifier(identifier);
    }
    for (Map.Entry<String, String> each : rule.getUpdates().getAttrsMap().entrySet()) {
      if (!source.getAttrsOrDefault(each.getKey(), "").equals(each.getValue())) {
        out.putAttrs(each.getKey(), each.getValue());
      }
    }
    return out.build();
  }
}
