package dev.kiln.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdleWatchTest {
  private Instant now = Instant.EPOCH;
  private final IdleWatch watch = new IdleWatch(() -> now);

  @Test
  void idlesFromTheStart() {
    now = now.plusSeconds(5);
    assertThat(watch.idle()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aCallThatIsOpenKeepsItBusy() {
    watch.opened();
    now = now.plusSeconds(100);
    assertThat(watch.idle()).isZero();
  }

  @Test
  void idlesFromTheEndOfTheLastCall() throws InterruptedException {
    watch.opened();
    watch.opened();
    now = now.plusSeconds(10);
    watch.closed();
    assertThat(watch.idle()).isZero();
    now = now.plusSeconds(10);
    watch.closed();
    now = now.plusSeconds(3);
    assertThat(watch.idle()).isEqualTo(Duration.ofSeconds(3));
    watch.await(Duration.ofSeconds(3));
  }
}
