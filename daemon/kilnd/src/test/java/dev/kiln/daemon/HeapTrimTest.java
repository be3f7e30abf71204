package dev.kiln.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapTrimTest {
  private static final long MIB = 1L << 20;

  @Test
  void smallHeapHasRoomBeforeTheNextLook() {
    assertThat(HeapTrim.nextLook(10 * MIB)).isEqualTo(58 * MIB);
  }

  @Test
  void largeHeapIsLookedAtWhenItHasDoubled() {
    assertThat(HeapTrim.nextLook(100 * MIB)).isEqualTo(200 * MIB);
  }
}
