package dev.kiln.dockerfile.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @CsvSource({
    "1.2.3.4, 1.2.3.4",
    "::, ::",
    "::1, ::1",
    "0:0:0:0:0:0:0:1, ::1",
    "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:0:2:0:0:0:3:4, 1:0:2::3:4",
    "1:2:3:4:5:6:7:0, 1:2:3:4:5:6:7:0",
    "::ffff:1.2.3.4, 1.2.3.4"
  })
  void shortensAddresses(String text, String expected) {
    assertThat(IpAddress.canonical(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.2", "01.2.3.4", "1.2.3.256", "host", "fe80::1%eth0", "1::2::3"})
  void refusesTheRest(String text) {
    assertThat(IpAddress.canonical(text)).isEmpty();
  }
}
