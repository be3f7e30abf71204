package dev.kiln.solver.llb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.kiln.solver.Sha256;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.FileActionMkFile;
import dev.kiln.solver.pb.FileOp;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.MergeInput;
import dev.kiln.solver.pb.MergeOp;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.OpMetadata;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.solver.pb.WorkerConstraints;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DefinitionLoaderTest {
  private final Definition.Builder definition = Definition.newBuilder();

  private String add(Op op) {
    return addBytes(CanonicalMarshal.bytes(op));
  }

  private String addBytes(byte[] bytes) {
    definition.addDef(ByteString.copyFrom(bytes));
    return Sha256.of(bytes);
  }

  private static Op source(String identifier) {
    return Op.newBuilder()
        .setSource(SourceOp.newBuilder().setIdentifier(identifier))
        .setConstraints(WorkerConstraints.getDefaultInstance())
        .build();
  }

  private static Op terminal(String digest) {
    return Op.newBuilder().addInputs(Input.newBuilder().setDigest(digest)).build();
  }

  private LoadedGraph load() throws Exception {
    return DefinitionLoader.load(definition.build(), LoadOptions.permissive());
  }

  private void failsWith(String message) {
    assertThatThrownBy(this::load).isInstanceOf(InvalidLlbException.class).hasMessage(message);
  }

  @Test
  void oneofMembersComeAfterOtherFields() {
    Op op =
        Op.newBuilder()
            .setPlatform(Platform.newBuilder().setArchitecture("amd64").setOS("linux"))
            .setConstraints(WorkerConstraints.getDefaultInstance())
            .setSource(
                SourceOp.newBuilder()
                    .setIdentifier("docker-image://docker.io/library/busybox:latest"))
            .build();
    assertThat(HexFormat.of().formatHex(CanonicalMarshal.bytes(op)))
        .isEqualTo(
            "520e0a05616d64363412056c696e75785a001a310a2f646f636b65722d696d6167653a2f2f646f636b65"
                + "722e696f2f6c6962726172792f62757379626f783a6c6174657374");
  }

  @Test
  void graphsOfStockClientsKeepTheirDigests() throws Exception {
    for (JsonNode graph : OpKeyVectorsTest.vectors("graphs.json").get("graphs")) {
      if (!graph.has("definition")) {
        continue;
      }
      definition.clear();
      graph
          .get("definition")
          .forEach(op -> addBytes(HexFormat.of().parseHex(op.get("hex").asString())));
      LoadedGraph loaded = load();
      assertThat(loaded.vertices()).allMatch(v -> v.digest().equals(v.clientDigest()));
      assertThat(loaded.vertices()).hasSize(definition.getDefCount() - 1);
    }
  }

  @Test
  void brokenDefinitionsFailWithTheTextsThatClientsKnow() {
    failsWith("invalid empty definition");
    String a = add(source("a"));
    failsWith("invalid LLB with 1 vertexes");
    add(source("b"));
    failsWith("invalid LLB with no inputs on last vertex");
    String gone = Sha256.of("gone");
    add(terminal(gone));
    failsWith("invalid missing input digest " + gone);
    definition.clear();
    add(source("a"));
    add(Op.newBuilder().addInputs(Input.newBuilder().setDigest(a).setIndex(-1)).build());
    failsWith("invalid input 0 output index -1");
    definition.clear().addDef(ByteString.copyFromUtf8("\u0001"));
    assertThatThrownBy(this::load).hasMessageStartingWith("failed to parse llb proto op");
    definition.clear();
    add(terminal(add(Op.newBuilder().setExec(ExecOp.getDefaultInstance()).build())));
    failsWith("invalid exec op with no meta");
  }

  @Test
  void unknownCapabilitiesAreRefused() {
    String a = add(source("a"));
    add(terminal(a));
    definition.putMetadata(a, OpMetadata.newBuilder().putCaps("source.warp", true).build());
    failsWith("unknown API capability source.warp");
    assertThat(Caps.ANNOUNCED).hasSize(88);
  }

  @Test
  void foreignBytesGetCanonicalDigestsAndKeepTheirMetadata() throws Exception {
    Op op = source("a");
    String client = addBytes(op.toByteArray());
    String vertex = Sha256.of(CanonicalMarshal.bytes(op));
    assertThat(client).isNotEqualTo(vertex);
    Op file =
        Op.newBuilder()
            .addInputs(Input.newBuilder().setDigest(client))
            .setFile(
                FileOp.newBuilder()
                    .addActions(
                        FileAction.newBuilder()
                            .setMkfile(FileActionMkFile.newBuilder().setPath("/x"))))
            .build();
    add(terminal(add(file)));
    definition.putMetadata(
        client,
        OpMetadata.newBuilder()
            .setIgnoreCache(true)
            .putDescription("llb.customname", "mine")
            .build());
    List<Vertex> vertices = load().vertices();
    assertThat(vertices.get(0).digest()).isEqualTo(vertex);
    assertThat(vertices.get(0).clientDigest()).isEqualTo(client);
    assertThat(vertices.get(0).name()).isEqualTo("mine");
    assertThat(vertices.get(0).options().ignoreCache()).isTrue();
    assertThat(vertices.get(1).op().getInputs(0).getDigest()).isEqualTo(vertex);
    assertThat(vertices.get(1).name()).isEqualTo("mkfile /x");
  }

  @Test
  void policyChangesTheDigestsOfConsumersButNotOfPlatforms() throws Exception {
    add(terminal(add(source("a"))));
    LoadOptions options =
        LoadOptions.permissive()
            .withPolicy(
                op ->
                    op.toBuilder()
                        .setSource(op.getSource().toBuilder().setIdentifier("b"))
                        .build());
    Vertex vertex = DefinitionLoader.load(definition.build(), options).result().vertex();
    assertThat(vertex.digest()).isEqualTo(Sha256.of(CanonicalMarshal.bytes(source("b"))));
    assertThat(vertex.clientDigest()).isEqualTo(Sha256.of(CanonicalMarshal.bytes(source("a"))));
    assertThat(vertex.op().getPlatform()).isEqualTo(Platforms.local());
  }

  @Test
  void tenThousandNestedMergesLoad() throws Exception {
    String below = add(source("base"));
    for (int i = 0; i < 10_000; i++) {
      below =
          add(
              Op.newBuilder()
                  .addInputs(Input.newBuilder().setDigest(below))
                  .setMerge(MergeOp.newBuilder().addInputs(MergeInput.getDefaultInstance()))
                  .build());
    }
    add(terminal(below));
    LoadedGraph graph = load();
    assertThat(graph.vertices()).hasSize(10_001);
    assertThat(graph.result().vertex().depth()).isEqualTo(10_000);
    assertThat(graph.result().vertex().name().length()).isLessThan(3000);
  }

  @Test
  void platformsAreNormalised() {
    assertThat(normal("x86_64", "v1")).isEqualTo("amd64/");
    assertThat(normal("aarch64", "v8")).isEqualTo("arm64/");
    assertThat(normal("arm", "")).isEqualTo("arm/v7");
    assertThat(normal("armel", "")).isEqualTo("arm/v6");
    assertThat(normal("i686", "")).isEqualTo("386/");
    assertThat(normal("riscv64", "")).isEqualTo("riscv64/");
  }

  private static String normal(String arch, String variant) {
    Platform p =
        Platforms.normalize(
            Platform.newBuilder().setOS("linux").setArchitecture(arch).setVariant(variant).build());
    return p.getArchitecture() + "/" + p.getVariant();
  }
}
