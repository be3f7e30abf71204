package dev.kiln.solver.llb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.Sha256;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.Platform;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys against values that a stock daemon made. */
class OpKeyVectorsTest {
  static JsonNode vectors(String name) throws Exception {
    try (InputStream in = OpKeyVectorsTest.class.getResourceAsStream("/vectors/" + name)) {
      return JsonMapper.shared().readTree(in);
    }
  }

  @TestFactory
  Stream<DynamicTest> opsHaveTheKeysOfStockDaemons() throws Exception {
    return vectors("opcache.json")
        .get("ops")
        .valueStream()
        .map(v -> DynamicTest.dynamicTest(v.get("name").asString(), () -> check(v)));
  }

  private static void check(JsonNode vector) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(vector.get("opHex").asString());
    Op op = Op.parseFrom(bytes);
    assertThat(HexFormat.of().formatHex(CanonicalMarshal.bytes(op)))
        .isEqualTo(vector.get("opHex").asString());
    assertThat(Sha256.of(bytes)).isEqualTo(vector.get("vertexDigest").asString());
    if (vector.has("platformUsed")) {
      JsonNode p = vector.get("platformUsed");
      Platform.Builder platform =
          Platform.newBuilder()
              .setArchitecture(p.get("architecture").asString())
              .setOS(p.get("os").asString())
              .setVariant(p.path("variant").asString(""))
              .setOSVersion(p.path("os.version").asString(""));
      p.path("os.features").forEach(f -> platform.addOSFeatures(f.asString()));
      op = op.toBuilder().setPlatform(platform).build();
    }
    OpKey key = OpDigests.of(op);
    assertThat(key.preimage()).isEqualTo(vector.get("preimage").asString());
    assertThat(key.digest()).isEqualTo(vector.get("cacheMapDigest").asString());
    assertThat(Sha256.record(key.digest(), 0))
        .isEqualTo(vector.get("recordDigestOutput0").asString());
    JsonNode deps = vector.path("deps");
    assertThat(key.inputs()).hasSize(deps.size());
    for (int i = 0; i < deps.size(); i++) {
      assertThat(key.inputs().get(i).selector()).isEqualTo(deps.get(i).get("selector").asString());
      assertThat(key.inputs().get(i).contentBased())
          .isEqualTo(deps.get(i).get("contentBased").asBoolean());
    }
  }

  @TestFactory
  Stream<DynamicTest> sourcesHaveTheKeysOfStockDaemons() throws Exception {
    return vectors("opcache.json")
        .get("sources")
        .valueStream()
        .map(
            v ->
                DynamicTest.dynamicTest(
                    v.get("name").asString(),
                    () -> {
                      String key = v.get("sourceKey").asString();
                      assertThat(SourceKeys.digest(key))
                          .isEqualTo(v.get("cacheMapDigest").asString());
                      if (v.has("keyPreimage")) {
                        assertThat(Sha256.of(v.get("keyPreimage").asString())).isEqualTo(key);
                      }
                    }));
  }

  @Test
  void sourceKeysAreMadeOfTheirParts() throws Exception {
    Map<String, String> keys = new java.util.HashMap<>();
    vectors("opcache.json")
        .get("sources")
        .forEach(v -> keys.put(v.get("name").asString(), v.get("sourceKey").asString()));
    String root = "sha256:05b3abf2579a5eb66403cd78be557fd860633a1fe2103c7642030defe32c657f";
    Platform.Builder amd64 = Platform.newBuilder().setOS("linux").setArchitecture("amd64");
    assertThat(SourceKeys.image(root, amd64.build(), 0))
        .isEqualTo(keys.get("S1-image-manifest-key"));
    Platform arm =
        Platform.newBuilder()
            .setOS("linux")
            .setArchitecture("arm")
            .setVariant("v7")
            .setOSVersion("1")
            .addOSFeatures("a")
            .build();
    assertThat(SourceKeys.image(root, arm, 2)).isEqualTo(keys.get("S2-image-manifest-key-full"));
    assertThat(SourceKeys.imageContent(List.of(Sha256.of("l1"), Sha256.of("l2"))))
        .isEqualTo(keys.get("S3-image-config-key"));
    String sha = "1".repeat(40);
    assertThat(SourceKeys.git(sha, true, "refs/heads/main", "sub", true, "commit", false))
        .isEqualTo(keys.get("S6-git-keep"));
    assertThat(SourceKeys.git(sha, false, "", "", false, "checkout", true))
        .isEqualTo(keys.get("S7-git-bundle"));
    String sum = "sha256:230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5";
    Map<String, String> headers = Map.of("User-Agent", "ua", "Accept", "a/b");
    String date = "Mon, 06 May 2024 07:08:09 GMT";
    assertThat(SourceKeys.http("f.bin", 420, 1, 2, sum, date, "sec", headers))
        .isEqualTo(keys.get("S8-http-full"));
    assertThat(SourceKeys.http("f.bin", 0, 0, 0, sum, "", "", Map.of()))
        .isEqualTo(keys.get("S9-http-min"));
    String local = SourceKeys.local("context", "s1", null, null, null, false, List.of());
    assertThat(SourceKeys.digest(local)).startsWith("random:").hasSize("random:".length() + 64);
  }
}
