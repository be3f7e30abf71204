package dev.kiln.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private static final Set<String> KNOWN =
      Set.of("--platform", "--push", "--pull", "--load", "--label");

  @Test
  void aTypoFindsTheNearestFlag() {
    assertThat(Nearest.of("--pltform", KNOWN)).contains("--platform");
    assertThat(Nearest.of("--puhs", KNOWN)).contains("--push");
    assertThat(Nearest.of("--something", KNOWN)).isEmpty();
  }

  @Test
  void platformsHaveHandlers() {
    assertThat(List.of("arm64", "linux/amd64", "arm/v7", "riscv64", "qemu-s390x"))
        .extracting(BinfmtCommand::handler)
        .containsExactly("qemu-aarch64", "qemu-x86_64", "qemu-arm", "qemu-riscv64", "qemu-s390x");
  }

  @Test
  void timesAreShort() {
    Instant now = Instant.parse("2026-01-10T00:00:00Z");
    assertThat(Ages.ago(now.minusSeconds(1), now)).isEqualTo("1 second ago");
    assertThat(Ages.ago(now.minusSeconds(7_300), now)).isEqualTo("2 hours ago");
    assertThat(Ages.ago(now.minus(Duration.ofDays(3)), now)).isEqualTo("3 days ago");
    assertThat(Ages.length(Duration.ofSeconds(125))).isEqualTo("2m 05s");
  }
}
