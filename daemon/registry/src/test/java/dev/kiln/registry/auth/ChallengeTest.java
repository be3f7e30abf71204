package dev.kiln.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  @Test
  void bearerIsReadWithQuotedValues() {
    String header =
        "Bearer realm=\"https://auth.example/token\",service=\"registry, inc\",scope=\"repository:a/b:pull,push\"";
    assertThat(Challenge.parse(List.of(header)))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.example/token",
                    "service", "registry, inc",
                    "scope", "repository:a/b:pull,push")));
  }

  @Test
  void severalChallengesShareALineOrHaveTheirOwn() {
    assertThat(
            Challenge.parse(
                List.of("Negotiate, Basic realm=\"a\\\"b\"", "BEARER realm = x , error=e")))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a\"b")),
            new Challenge("bearer", Map.of("realm", "x", "error", "e")));
  }

  @Test
  void nonsenseGivesNothing() {
    assertThat(Challenge.parse(List.of("", "  ,"))).isEmpty();
  }

  @Test
  void scopesHaveOneForm() {
    Scopes scopes =
        Scopes.of(List.of("repository:b:push,pull repository:a:pull", "repository:b:pull", ""));
    assertThat(scopes.texts()).containsExactly("repository:a:pull", "repository:b:pull,push");
    assertThat(Scopes.of(List.of("repository:host:5000/x:pull")).texts())
        .containsExactly("repository:host:5000/x:pull");
    assertThat(Scopes.pull("a").and(Scopes.push("a"))).isEqualTo(Scopes.push("a"));
  }
}
