package dev.kiln.wire.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @Test
  void formsOfAddress() {
    assertThat(Address.parse("unix:///run/k.sock"))
        .isEqualTo(new Address.Unix(Path.of("/run/k.sock")));
    assertThat(Address.parse("tcp://127.0.0.1:1234")).isEqualTo(new Address.Tcp("127.0.0.1", 1234));
    assertThat(Address.parse("tcp://[::1]:0")).isEqualTo(new Address.Tcp("::1", 0));
    assertThat(Address.parse("tcp://:1234")).isEqualTo(new Address.Tcp("0.0.0.0", 1234));
    assertThat(Address.parse("fd://")).isEqualTo(new Address.Inherited(3));
    assertThat(Address.parse("fd://4")).isEqualTo(new Address.Inherited(4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unix:///run/k.sock", "tcp://[::1]:80", "tcp://h:80", "fd://3"})
  void textParsesBack(String text) {
    assertThat(Address.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/run/k.sock", "unix://", "tcp://host", "tcp://h:99999", "npipe://x"})
  void othersAreRefusedByName(String text) {
    assertThatThrownBy(() -> Address.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("could not understand address " + text);
  }
}
