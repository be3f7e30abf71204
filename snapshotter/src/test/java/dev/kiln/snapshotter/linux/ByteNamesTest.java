package dev.kiln.snapshotter.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteNamesTest {
  @Test
  void everyNameComesBack() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] name = new byte[random.nextInt(12)];
      random.nextBytes(name);
      if (i % 2 == 0) {
        // Lead bytes of UTF-8 close to continuation bytes: the interesting corner.
        for (int k = 0; k < name.length; k++) {
          name[k] = (byte) (0x7E + random.nextInt(0x82));
        }
      }
      assertThat(ByteNames.encode(ByteNames.decode(name)))
          .as("seed %d, bytes %s", seed, Arrays.toString(name))
          .isEqualTo(name);
    }
  }

  @Test
  void ordinaryTextStaysText() {
    for (String text : new String[] {"", "a", "grün", "😀", "\uFFFD", "a\uFFFDb"}) {
      assertThat(ByteNames.decode(ByteNames.encode(text))).isEqualTo(text);
    }
    assertThat(ByteNames.decode(new byte[] {'a', (byte) 0xff})).isEqualTo("a\uDCFF");
  }

  @Test
  void orderIsThatOfBytes() {
    // In UTF-16 the emoji (a surrogate pair) would come before U+FFFD.
    assertThat(ByteNames.compare("\uFFFD", "😀")).isNegative();
    assertThat(ByteNames.compare("a", "b")).isNegative();
    assertThat(ByteNames.compare("a", "a.b")).isNegative();
    assertThat(ByteNames.compare("x", "x")).isZero();
  }
}
