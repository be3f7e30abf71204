package dev.kiln.executor.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The levels of amd64 (psABI supplement, "Micro-architecture levels") by CPU flags. */
final class Amd64Levels {
  private static final List<Set<String>> NEEDED_FROM_V2 =
      List.of(
          Set.of("cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"),
          Set.of("avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"),
          Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"));

  private Amd64Levels() {}

  /** The levels beyond the first that this machine's CPU has, from {@code v2} upwards. */
  static List<String> ofThisMachine() throws IOException {
    return of(Files.readAllLines(Path.of("/proc/cpuinfo")));
  }

  static List<String> of(List<String> cpuinfo) {
    Set<String> flags =
        cpuinfo.stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+", -1)))
            .orElse(Set.of());
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < NEEDED_FROM_V2.size() && flags.containsAll(NEEDED_FROM_V2.get(i)); i++) {
      levels.add("v" + (i + 2));
    }
    return levels;
  }
}
