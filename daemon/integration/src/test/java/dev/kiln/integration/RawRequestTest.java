package dev.kiln.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.BuildInput;
import dev.kiln.solver.pb.BuildOp;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.ExecOp;
import dev.kiln.solver.pb.FileAction;
import dev.kiln.solver.pb.FileActionMkDir;
import dev.kiln.solver.pb.FileActionMkFile;
import dev.kiln.solver.pb.FileOp;
import dev.kiln.solver.pb.Input;
import dev.kiln.solver.pb.Meta;
import dev.kiln.solver.pb.Mount;
import dev.kiln.solver.pb.NetMode;
import dev.kiln.solver.pb.Op;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.control.ControlGrpc;
import dev.kiln.wire.control.ListWorkersRequest;
import dev.kiln.wire.control.SolveRequest;
import dev.kiln.wire.socket.Address;
import dev.kiln.wire.socket.KilnChannel;
import dev.kiln.wire.sourcepolicy.Policy;
import dev.kiln.wire.sourcepolicy.PolicyAction;
import dev.kiln.wire.sourcepolicy.Rule;
import dev.kiln.wire.sourcepolicy.Selector;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that no client of good will sends, byte by byte. */
@Timeout(120)
class RawRequestTest {
  private static final int LIMIT_BYTES = 16 << 20;

  @TempDir static Path folder;
  private static KilndProcess kilnd;
  private static ManagedChannel channel;

  @BeforeAll
  static void open() throws Exception {
    kilnd = KilndProcess.start(folder);
    channel = KilnChannel.open(Address.parse(kilnd.address()));
  }

  @AfterAll
  static void close() throws Exception {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (kilnd != null) {
      kilnd.close();
    }
  }

  @AfterEach
  void theDaemonStillServes() {
    assertThat(stub().listWorkers(ListWorkersRequest.getDefaultInstance()).getRecordCount())
        .isPositive();
    assertThat(kilnd.log()).doesNotContain("level=ERROR");
  }

  private static ControlGrpc.ControlBlockingStub stub() {
    return ControlGrpc.newBlockingStub(channel);
  }

  private static SolveRequest.Builder request() {
    return SolveRequest.newBuilder().setRef(UUID.randomUUID().toString());
  }

  private static Status refused(SolveRequest request) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub().solve(request));
    assertThat(refused).as("the request was refused").isNotNull();
    return refused.getStatus();
  }

  private static Status refused(ByteString... ops) {
    Definition.Builder definition = Definition.newBuilder();
    for (ByteString op : ops) {
      definition.addDef(op);
    }
    return refused(request().setDefinition(definition).build());
  }

  private static Op scratch() {
    return Op.newBuilder()
        .setSource(SourceOp.newBuilder().setIdentifier("docker-image://docker.io/library/x:1"))
        .build();
  }

  private static Op pointing(String digest) {
    return Op.newBuilder().addInputs(Input.newBuilder().setDigest(digest)).build();
  }

  private static String digest(Op op) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(op.toByteArray());
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void bytesThatAreNoOp() {
    Status status = refused(ByteString.copyFrom(new byte[] {(byte) 0xff, 1, 2, 3}));
    assertThat(status.getDescription()).contains("failed to parse llb proto op");
  }

  @Test
  void definitionWithoutAResult() {
    assertThat(refused(scratch().toByteString()).getDescription())
        .contains("invalid LLB with 1 vertexes");
  }

  @Test
  void inputThatIsNotThere() {
    String nowhere = "sha256:" + "0".repeat(64);
    Status status = refused(scratch().toByteString(), pointing(nowhere).toByteString());
    assertThat(status.getDescription()).contains("invalid missing input digest " + nowhere);
  }

  @Test
  void opOfNoKind() {
    Op source = scratch();
    Op middle = pointing(digest(source));
    Op last = pointing(digest(middle));
    Status status = refused(source.toByteString(), middle.toByteString(), last.toByteString());
    assertThat(status.getDescription()).contains("could not find the operation of");
  }

  @Test
  void nestedDefinitionThatWantsMoreThanItsBuildMay() {
    Op exec =
        Op.newBuilder()
            .setExec(
                ExecOp.newBuilder()
                    .setMeta(Meta.newBuilder().addArgs("true").setCwd("/"))
                    .setNetwork(NetMode.HOST)
                    .addMounts(Mount.newBuilder().setInput(-1).setDest("/")))
            .build();
    assertThat(refused(request().setDefinition(holding(exec)).build()).getDescription())
        .contains("network.host is not allowed");
  }

  @Test
  void nestedDefinitionWithASourceThatItsBuildMayNotUse() {
    Policy policy =
        Policy.newBuilder()
            .addRules(
                Rule.newBuilder()
                    .setAction(PolicyAction.DENY)
                    .setSelector(Selector.newBuilder().setIdentifier("docker-image://*")))
            .build();
    SolveRequest request =
        request().setDefinition(holding(scratch())).setSourcePolicy(policy).build();
    assertThat(refused(request).getDescription()).contains("denied by policy");
  }

  /** A definition that reads another one, of one op, from a file that it writes. */
  private static Definition holding(Op op) {
    Definition nested =
        Definition.newBuilder()
            .addDef(op.toByteString())
            .addDef(pointing(digest(op)).toByteString())
            .build();
    Op file =
        Op.newBuilder()
            .setFile(
                FileOp.newBuilder()
                    .addActions(
                        FileAction.newBuilder()
                            .setInput(-1)
                            .setSecondaryInput(-1)
                            .setMkfile(
                                FileActionMkFile.newBuilder()
                                    .setPath("/buildkit.llb.definition")
                                    .setMode(0644)
                                    .setData(nested.toByteString()))))
            .build();
    Op build =
        pointing(digest(file)).toBuilder()
            .setBuild(
                BuildOp.newBuilder()
                    .setBuilder(-1)
                    .putInputs("buildkit.llb.definition", BuildInput.getDefaultInstance()))
            .build();
    return Definition.newBuilder()
        .addDef(file.toByteString())
        .addDef(build.toByteString())
        .addDef(pointing(digest(build)).toByteString())
        .build();
  }

  @Test
  void fileActionThatStandsOnItself() {
    Op file =
        Op.newBuilder()
            .setFile(
                FileOp.newBuilder()
                    .addActions(
                        FileAction.newBuilder()
                            .setInput(0)
                            .setSecondaryInput(-1)
                            .setOutput(0)
                            .setMkdir(FileActionMkDir.newBuilder().setPath("/a"))))
            .build();
    Status status = refused(file.toByteString(), pointing(digest(file)).toByteString());
    assertThat(status.getDescription())
        .contains("invalid input index 0: no earlier action has that result");
  }

  @Test
  void unknownFrontend() {
    Status status = refused(request().setFrontend("no-such-frontend").build());
    assertThat(status.getDescription()).contains("no-such-frontend");
  }

  @Test
  void messageOverTheLimit() {
    Status status = refused(request().putFrontendAttrs("big", "x".repeat(LIMIT_BYTES)).build());
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).contains("exceeds maximum size " + LIMIT_BYTES);
  }
}
