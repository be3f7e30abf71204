package dev.kiln.daemon.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.FrontendCall;
import dev.kiln.daemon.export.image.GoJsonText;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Location;
import dev.kiln.solver.pb.Locations;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.Position;
import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.Source;
import dev.kiln.solver.pb.SourceInfo;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Predicates against files of the folder {@code provenance}, byte by byte. */
class PredicateTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String DIGEST = "sha256:" + "ab".repeat(32);

  @ParameterizedTest
  @CsvSource({
    "v1-max.json, v1, max",
    "v1-min.json, v1, min",
    "v0.2-max.json, v0.2, max",
    "v0.2-min.json, v0.2, min"
  })
  void predicateIsAsTheGoldenFileSays(String file, String version, String mode) throws IOException {
    ProvenanceOptions options =
        ProvenanceOptions.read(
            Map.of("version", version, "mode", mode, "builder-id", "me", "reproducible", "true"));
    String json =
        new String(GoJsonText.indented(Predicate.of(facts(), options)), StandardCharsets.UTF_8);

    assertThat(json + "\n").isEqualTo(golden(file));
  }

  private static String golden(String file) throws IOException {
    try (InputStream in = PredicateTest.class.getResourceAsStream(file)) {
      assertThat(in).as(file).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Facts facts() {
    Platform platform = Platform.newBuilder().setOS("linux").setArchitecture("amd64").build();
    Capture capture = new Capture();
    capture.add(new Capture.Image("docker.io/library/busybox:latest", platform, DIGEST, false));
    capture.add(new Capture.Git("https://user:secret@example.com/a.git#main", "c".repeat(40), ""));
    capture.add(new Capture.Http("https://example.com/file", DIGEST));
    capture.addLocal("context");
    capture.addSecret("token", true);
    capture.addSsh("", false);
    capture.reachedNetwork();
    FrontendCall call =
        new FrontendCall(
            "dockerfile.v0",
            Map.of(
                "filename", "Dockerfile",
                "build-arg:A", "b",
                "label:l", "m",
                "platform", "linux/amd64",
                "target", "final",
                "vcs:source", "https://user:secret@example.com/a.git",
                "attest:provenance", "mode=max"),
            Map.of());
    Op source =
        Op.newBuilder()
            .setSource(
                SourceOp.newBuilder()
                    .setIdentifier("docker-image://docker.io/library/busybox:latest")
                    .putAttrs("local.session", "never shown"))
            .setPlatform(platform)
            .build();
    Op exec =
        Op.newBuilder()
            .addInputs(Input.newBuilder().setDigest(digest(source)))
            .setExec(
                ExecOp.newBuilder()
                    .setMeta(Meta.newBuilder().addArgs("sh").addArgs("-c").addArgs("a && b"))
                    .addMounts(Mount.newBuilder().setDest("/")))
            .build();
    Op last = Op.newBuilder().addInputs(Input.newBuilder().setDigest(digest(exec))).build();
    Definition definition =
        Definition.newBuilder()
            .addDef(source.toByteString())
            .addDef(exec.toByteString())
            .addDef(last.toByteString())
            .setSource(
                Source.newBuilder()
                    .addInfos(
                        SourceInfo.newBuilder()
                            .setFilename("Dockerfile")
                            .setLanguage("Dockerfile")
                            .setData(ByteString.copyFromUtf8("FROM busybox\n")))
                    .putLocations(
                        digest(exec),
                        Locations.newBuilder()
                            .addLocations(
                                Location.newBuilder()
                                    .addRanges(
                                        Range.newBuilder()
                                            .setStart(Position.newBuilder().setLine(2))
                                            .setEnd(Position.newBuilder().setLine(2))))
                            .build()))
            .build();
    ObjectNode layer = NODES.objectNode().put("digest", DIGEST).put("size", 7);
    return new Facts(
        capture,
        RequestArgs.record(call, capture),
        definition,
        Map.of(digest(exec) + ":0", List.of(layer)),
        "linux/amd64",
        "1.26.0",
        NODES.objectNode().put("site", "here"),
        "invocation",
        Instant.parse("2026-01-02T03:04:05.006Z"),
        Instant.parse("2026-01-02T03:04:06Z"),
        30);
  }

  private static String digest(Op op) {
    return Sha256.of(op.toByteArray());
  }
}
