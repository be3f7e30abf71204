package dev.kiln.daemon.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.sourcepolicy.AttrConstraint;
import dev.kiln.wire.sourcepolicy.AttrMatch;
import dev.kiln.wire.sourcepolicy.MatchType;
import dev.kiln.wire.sourcepolicy.Policy;
import dev.kiln.wire.sourcepolicy.PolicyAction;
import dev.kiln.wire.sourcepolicy.Rule;
import dev.kiln.wire.sourcepolicy.Selector;
import dev.kiln.wire.sourcepolicy.Update;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyRulesTest {
  private static final SourceOp ALPINE =
      SourceOp.newBuilder().setIdentifier("docker-image://docker.io/library/alpine:3.20").build();

  private static Rule.Builder rule(PolicyAction action, MatchType type, String identifier) {
    return Rule.newBuilder()
        .setAction(action)
        .setSelector(Selector.newBuilder().setMatchType(type).setIdentifier(identifier));
  }

  private static Rule convert(MatchType type, String from, String to) {
    return rule(PolicyAction.CONVERT, type, from)
        .setUpdates(Update.newBuilder().setIdentifier(to))
        .build();
  }

  private static SourceOp evaluate(SourceOp source, Rule... rules) throws PolicyException {
    Policy policy = Policy.newBuilder().addAllRules(List.of(rules)).build();
    return new PolicyRules(List.of(policy)).evaluate(source);
  }

  @Test
  void lastMatchingRuleCounts() throws PolicyException {
    Rule deny = rule(PolicyAction.DENY, MatchType.WILDCARD, "docker-image://*").build();
    Rule allow = rule(PolicyAction.ALLOW, MatchType.WILDCARD, "docker-image://*alpine*").build();

    assertThat(evaluate(ALPINE, deny, allow)).isEqualTo(ALPINE);
    assertThatThrownBy(() -> evaluate(ALPINE, allow, deny))
        .hasMessage(
            "source \"docker-image://docker.io/library/alpine:3.20\" denied by policy:"
                + " source denied by policy");
  }

  @Test
  void starsFillTheTemplate() throws PolicyException {
    SourceOp converted =
        evaluate(
            ALPINE,
            convert(
                MatchType.WILDCARD,
                "docker-image://docker.io/library/alpine:*",
                "docker-image://mirror.example/alpine:${1}-slim"));

    assertThat(converted.getIdentifier())
        .isEqualTo("docker-image://mirror.example/alpine:3.20-slim");
  }

  @Test
  void groupsFillTheTemplateWhereTheExpressionMatches() throws PolicyException {
    SourceOp converted =
        evaluate(ALPINE, convert(MatchType.REGEX, "docker\\.io/(?<rest>.*)$", "m.example/$rest"));

    assertThat(converted.getIdentifier()).isEqualTo("docker-image://m.example/library/alpine:3.20");
  }

  @Test
  void convertedSourcesAreJudgedAgain() {
    Rule move = convert(MatchType.EXACT, ALPINE.getIdentifier(), "docker-image://evil.example/a:1");
    Rule deny =
        rule(PolicyAction.DENY, MatchType.WILDCARD, "docker-image://evil.example/*").build();

    assertThatThrownBy(() -> evaluate(ALPINE, move, deny)).hasMessageContaining("denied by policy");
  }

  @Test
  void conversionsToAndFroEnd() {
    Rule there = convert(MatchType.EXACT, "a://1", "a://2");
    Rule back = convert(MatchType.EXACT, "a://2", "a://1");

    assertThatThrownBy(
            () -> evaluate(SourceOp.newBuilder().setIdentifier("a://1").build(), there, back))
        .hasMessageContaining("too many");
  }

  @Test
  void constraintsLookAtAttributes() throws PolicyException {
    Rule.Builder deny = rule(PolicyAction.DENY, MatchType.WILDCARD, "http*");
    deny.getSelectorBuilder()
        .addConstraints(
            AttrConstraint.newBuilder()
                .setKey("http.checksum")
                .setValue("")
                .setCondition(AttrMatch.EQUAL));
    SourceOp pinned =
        SourceOp.newBuilder()
            .setIdentifier("https://example.com/a")
            .putAttrs("http.checksum", "sha256:1")
            .build();

    assertThat(evaluate(pinned, deny.build())).isEqualTo(pinned);
    assertThatThrownBy(() -> evaluate(pinned.toBuilder().clearAttrs().build(), deny.build()))
        .hasMessageContaining("denied by policy");
  }

  @Test
  void updatesSetAttributesAndKeepTheIdentifier() throws PolicyException {
    Rule rule =
        rule(PolicyAction.CONVERT, MatchType.WILDCARD, "docker-image://*")
            .setUpdates(Update.newBuilder().putAttrs("image.layerlimit", "1"))
            .build();

    SourceOp converted = evaluate(ALPINE, rule);

    assertThat(converted.getAttrsMap()).containsEntry("image.layerlimit", "1");
  }
}
