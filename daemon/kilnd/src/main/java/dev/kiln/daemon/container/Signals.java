package dev.kiln.daemon.container;

import io.grpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Numbers of signals by their names without SIG, as of Linux (signal(7)). */
final class Signals {
  private static final List<String> FROM_ONE =
      List.of(
          "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
          "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
          "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS");
  private static final int REALTIME_MIN = 34;
  private static final int REALTIME_MAX = 64;
  private static final Map<String, Integer> NUMBERS = numbers();

  private Signals() {}

  /**
   * The number of a signal.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for a name that is none
   */
  static int number(String name) {
    Integer number = NUMBERS.get(name.toUpperCase(Locale.ROOT));
    if (number == null) {
      throw ExecStream.status(Status.INVALID_ARGUMENT, "Unknown signal " + name);
    }
    return number;
  }

  private static Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < FROM_ONE.size(); i++) {
      numbers.put(FROM_ONE.get(i), i + 1);
    }
    numbers.put("IOT", numbers.get("ABRT"));
    numbers.put("CLD", numbers.get("CHLD"));
    numbers.put("POLL", numbers.get("IO"));
    numbers.put("UNUSED", numbers.get("SYS"));
    int middle = (REALTIME_MIN + REALTIME_MAX) / 2;
    for (int i = REALTIME_MIN; i <= REALTIME_MAX; i++) {
      numbers.put(i <= middle ? "RTMIN+" + (i - REALTIME_MIN) : "RTMAX-" + (REALTIME_MAX - i), i);
    }
    numbers.put("RTMIN", REALTIME_MIN);
    numbers.put("RTMAX", REALTIME_MAX);
    return numbers;
  }
}
