package dev.kiln.executor.oci;

import dev.kiln.executor.oci.RuntimeSpec.Argument;
import dev.kiln.executor.oci.RuntimeSpec.Seccomp;
import dev.kiln.executor.oci.RuntimeSpec.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The default system call filter, read from {@code seccomp.rules} (which describes its format). */
final class SeccompRules {
  private static final int EPERM = 1;
  private static final Pattern ARGUMENT = Pattern.compile("arg(\\d)(<|==|>|&)0x([0-9a-f]+)");
  private static final Map<String, String> OPERATORS =
      Map.of(
          "<", "SCMP_CMP_LT",
          "==", "SCMP_CMP_EQ",
          ">", "SCMP_CMP_GT",
          "&", "SCMP_CMP_MASKED_EQ");

  /** The machine's own call table first, then those of programs that it also runs. */
  private static final Map<String, List<String>> ARCHITECTURES =
      Map.of(
          "amd64", List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
          "arm64", List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"),
          "s390x", List.of("SCMP_ARCH_S390X", "SCMP_ARCH_S390"),
          "riscv64", List.of("SCMP_ARCH_RISCV64"),
          "loong64", List.of("SCMP_ARCH_LOONGARCH64"));

  private record Section(List<String> conditions, List<String> calls) {}

  private static final List<Section> SECTIONS = load();

  private SeccompRules() {}

  /** The filter for a process with these capabilities on this machine. */
  static Seccomp resolve(HostFacts host, Set<String> capabilities) {
    List<Syscalls> syscalls = new ArrayList<>();
    for (Section section : SECTIONS) {
      if (section.conditions.stream().allMatch(c -> holds(c, host, capabilities))) {
        syscalls.add(syscalls(section));
      }
    }
    return new Seccomp(
        "SCMP_ACT_ERRNO",
        EPERM,
        ARCHITECTURES.getOrDefault(host.architecture(), List.of()).stream()
            .filter(name -> host.x32() || !name.equals("SCMP_ARCH_X32"))
            .toList(),
        syscalls);
  }

  private static boolean holds(String condition, HostFacts host, Set<String> capabilities) {
    int equals = condition.indexOf('=');
    boolean negated = equals > 0 && condition.charAt(equals - 1) == '!';
    String key = equals < 0 ? condition : condition.substring(0, negated ? equals - 1 : equals);
    List<String> values = List.of(condition.substring(equals + 1).split(","));
    return switch (key) {
      case "arch" -> values.contains(host.architecture()) != negated;
      case "cap" ->
          negated
              ? values.stream().noneMatch(capabilities::contains)
              : capabilities.containsAll(values);
      case "kernel" -> {
        String[] version = values.getFirst().split("\\.", 2);
        yield host.kernelAtLeast(Integer.parseInt(version[0]), Integer.parseInt(version[1]));
      }
      default -> true; // an action or a condition on arguments, which the kernel checks
    };
  }

  private static Syscalls syscalls(Section section) {
    String action = "SCMP_ACT_ALLOW";
    Integer errno = null;
    List<Argument> arguments = new ArrayList<>();
    for (String condition : section.conditions) {
      if (condition.startsWith("errno=")) {
        action = "SCMP_ACT_ERRNO";
        errno = Integer.valueOf(condition.substring("errno=".length()));
      }
      Argument argument = argument(condition);
      if (argument != null) {
        arguments.add(argument);
      }
    }
    return new Syscalls(section.calls, action, errno, arguments);
  }

  private static @Nullable Argument argument(String condition) {
    Matcher matcher = ARGUMENT.matcher(condition);
    if (!matcher.matches()) {
      return null;
    }
    return new Argument(
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(3), 16),
        0,
        Objects.requireNonNull(OPERATORS.get(matcher.group(2))));
  }

  private static List<Section> load() {
    List<Section> sections = new ArrayList<>();
    for (String line : text().lines().toList()) {
      if (line.startsWith("[")) {
        String head = line.substring(1, line.length() - 1);
        sections.add(new Section(List.of(head.split(" ")), new ArrayList<>()));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        sections.getLast().calls.addAll(List.of(line.split(" ")));
      }
    }
    return List.copyOf(sections);
  }

  private static String text() {
    try (InputStream in = SeccompRules.class.getResourceAsStream("seccomp.rules")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
