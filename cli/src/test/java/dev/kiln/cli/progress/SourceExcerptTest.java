package dev.kiln.cli.progress;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.kiln.solver.pb.Position;
import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceExcerptTest {
  private static final SourceInfo SOURCE =
      SourceInfo.newBuilder()
          .setFilename("Dockerfile")
          .setData(ByteString.copyFromUtf8("a\nb\nc\nd\ne\nf\ng"))
          .build();

  private static Range range(int from, int to) {
    return Range.newBuilder()
        .setStart(Position.newBuilder().setLine(from))
        .setEnd(Position.newBuilder().setLine(to))
        .build();
  }

  @Test
  void aLineHasTwoOnEachSide() {
    assertThat(SourceExcerpt.of(SOURCE, List.of(range(4, 4))))
        .isEqualTo(
            """
            Dockerfile:4
            --------------------
               2 |     b
               3 |     c
               4 | >>> d
               5 |     e
               6 |     f
            --------------------
            """);
  }

  @Test
  void severalLinesHaveOneOnEachSide() {
    assertThat(SourceExcerpt.of(SOURCE, List.of(range(6, 7))).lines().filter(l -> l.contains("|")))
        .containsExactly("   5 |     e", "   6 | >>> f", "   7 | >>> g");
  }

  @Test
  void unknownLinesHaveNoExcerpt() {
    assertThat(SourceExcerpt.of(SOURCE, List.of())).isEmpty();
    assertThat(SourceExcerpt.of(SOURCE, List.of(range(9, 9)))).isEmpty();
  }
}
