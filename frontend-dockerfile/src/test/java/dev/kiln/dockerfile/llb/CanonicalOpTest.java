package dev.kiln.dockerfile.llb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.solver.pb.Definition;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes and digests that every client agrees on. */
class CanonicalOpTest {

  private static final Platform AMD64 = Platform.of("linux", "amd64", "");

  @Test
  void imageSourceHasTheKnownBytes() {
    State busybox =
        Sources.image(ImageName.parse("busybox"), "default", Constraints.NONE.on(AMD64));
    Definition definition = Marshaller.marshal(busybox, AMD64);
    assertThat(HexFormat.of().formatHex(definition.getDef(0).toByteArray()))
        .startsWith("520e0a05616d64363412056c696e75785a001a310a2f646f636b65722d696d6167653a2f2f");
    assertThat(CanonicalOp.digest(definition.getDef(0)))
        .isEqualTo("sha256:e1432b8e2054abb034451c15f0a8ad49d07f5892ca266016226fec77e95d20a0");
  }

  @Test
  void directoryOnScratchHasTheKnownBytes() {
    State made =
        State.scratch()
            .file(
                List.of(new FileAction.MkDir("/d", 0755, false, null, FileAction.NO_TIME)),
                Constraints.NONE);
    Definition definition = Marshaller.marshal(made, AMD64);
    assertThat(CanonicalOp.digest(definition.getDef(0)))
        .isEqualTo("sha256:e21c0f8bb7e26b5f7c9db931311946d3b84dc2cb64150e8b4dbc344cd12b4981");
  }

  @Test
  void definitionReadBackIsTheSame() {
    State alpine = Sources.image(ImageName.parse("alpine"), "default", Constraints.NONE);
    State run = alpine.run(new Exec.Builder(List.of("true")).build(), Constraints.named("x"));
    State merged = State.merge(List.of(run, alpine), Constraints.NONE);
    Definition definition = Marshaller.marshal(alpine.diff(merged, Constraints.NONE), AMD64);
    assertThat(Marshaller.marshal(Definitions.state(definition), AMD64)).isEqualTo(definition);
  }

  @Test
  void nothingIsAnEmptyDefinition() {
    assertThat(Marshaller.marshal(State.scratch(), AMD64).getDefCount()).isZero();
    assertThat(Definitions.state(Definition.getDefaultInstance()).isScratch()).isTrue();
  }

  @Test
  void mergeWithNothingIsTheOther() {
    State alpine = Sources.image(ImageName.parse("alpine"), "default", Constraints.NONE);
    assertThat(State.merge(List.of(State.scratch(), alpine), Constraints.NONE)).isSameAs(alpine);
  }
}
