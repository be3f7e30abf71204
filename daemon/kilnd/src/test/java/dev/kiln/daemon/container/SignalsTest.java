package dev.kiln.daemon.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

class SignalsTest {
  @Test
  void knowsTheNumbersOfLinux() {
    assertThat(Signals.number("HUP")).isEqualTo(1);
    assertThat(Signals.number("KILL")).isEqualTo(9);
    assertThat(Signals.number("TERM")).isEqualTo(15);
    assertThat(Signals.number("WINCH")).isEqualTo(28);
    assertThat(Signals.number("SYS")).isEqualTo(31);
    assertThat(Signals.number("RTMIN+1")).isEqualTo(35);
    assertThat(Signals.number("RTMAX-1")).isEqualTo(63);
  }

  @Test
  void refusesWhatIsNoSignal() {
    assertThatThrownBy(() -> Signals.number("NOPE"))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("Unknown signal NOPE");
  }
}
