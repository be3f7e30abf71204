package dev.kiln.dockerfile.subrequest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.SourceOp;
import org.junit.jupiter.api.Test;

class LlbListingTest {

  @Test
  void operationsAreListedByDigest() {
    ByteString op =
        Op.newBuilder()
            .setSource(SourceOp.newBuilder().setIdentifier("docker-image://a").putAttrs("k", "v"))
            .build()
            .toByteString();
    Definition definition =
        Definition.newBuilder()
            .addDef(op)
            .putMetadata("sha256:x", OpMetadata.newBuilder().setIgnoreCache(true).build())
            .build();

    SubrequestAnswer answer = LlbListing.answer(definition);

    assertThat(answer.metadata()).containsEntry("version", "0.1.0");
    assertThat(answer.metadata().get("result.json"))
        .matches(
            "(?s)\\{\n  \"def\": \\{\n    \"sha256:[0-9a-f]{64}\": \\{\n      \"source\": \\{\n"
                + "        \"identifier\": \"docker-image://a\",\n.*")
        .endsWith(
            """
              "metadata": {
                "sha256:x": {
                  "ignore_cache": true
                }
              },
              "source": {}
            }""");
  }
}
