package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.dockerfile.text.CsvFields;
import dev.kiln.solver.pb.HostIP;
import dev.kiln.solver.pb.LinuxResources;
import dev.kiln.solver.pb.Ulimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Reads the options that shape the sandbox of steps. */
final class LimitOptions {

  private static final Set<String> ULIMITS =
      Set.of(
          "core",
          "cpu",
          "data",
          "fsize",
          "locks",
          "memlock",
          "msgqueue",
          "nice",
          "nofile",
          "nproc",
          "rss",
          "rtprio",
          "rttime",
          "sigpending",
          "stack");

  private LimitOptions() {}

  static List<HostIP> extraHosts(String text) {
    List<HostIP> hosts = new ArrayList<>();
    for (String field : fields(text, "failed to parse additional hosts")) {
      String lower = field.toLowerCase(Locale.ROOT);
      int equals = lower.indexOf('=');
      if (equals < 0) {
        throw FrontendException.failed(
            "failed to parse additional hosts: invalid key-value pair " + field);
      }
      String address = lower.substring(equals + 1);
      String canonical =
          IpAddress.canonical(address)
              .orElseThrow(
                  () ->
                      FrontendException.failed(
                          "failed to parse additional hosts: failed to parse IP " + address));
      hosts.add(HostIP.newBuilder().setHost(lower.substring(0, equals)).setIP(canonical).build());
    }
    return hosts;
  }

  static long shmSizeBytes(String text) {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw FrontendException.failed("failed to parse shm size: " + invalidNumber(text), e);
    }
  }

  static List<Ulimit> ulimits(String text) {
    List<Ulimit> limits = new ArrayList<>();
    for (String field : fields(text, "failed to parse ulimit")) {
      limits.add(ulimit(field));
    }
    return limits;
  }

  private static Ulimit ulimit(String field) {
    int equals = field.indexOf('=');
    String name = equals < 0 ? field : field.substring(0, equals);
    if (equals < 0) {
      throw FrontendException.failed("failed to parse ulimit: invalid ulimit argument: " + field);
    }
    if (!ULIMITS.contains(name)) {
      throw FrontendException.failed("failed to parse ulimit: invalid ulimit type: " + name);
    }
    String[] values = field.substring(equals + 1).split(":", -1);
    if (values.length > 2) {
      throw FrontendException.failed(
          "failed to parse ulimit: too many limit value arguments - "
              + field.substring(equals + 1)
              + ", can only have up to two, `soft[:hard]`");
    }
    long soft = limit(values[0]);
    long hard = values.length == 2 ? limit(values[1]) : soft;
    if (hard != -1 && soft > hard) {
      throw FrontendException.failed(
          "failed to parse ulimit: ulimit soft limit must be less than or equal to hard limit: "
              + soft
              + " > "
              + hard);
    }
    return Ulimit.newBuilder().setName(name).setSoft(soft).setHard(hard).build();
  }

  private static long limit(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw FrontendException.failed("failed to parse ulimit: " + invalidNumber(text), e);
    }
  }

  static @Nullable LinuxResources resources(Map<String, String> options) {
    String positive = "must be > 0";
    LinuxResources resources =
        LinuxResources.newBuilder()
            .setMemory(number(options, "memory", n -> n > 0, positive))
            .setMemorySwap(
                number(options, "memswap", n -> n == -1 || n > 0, "must be -1 (unlimited) or > 0"))
            .setCpuShares(number(options, "cpushares", n -> n > 0, positive))
            .setCpuPeriod(number(options, "cpuperiod", n -> n > 0, positive))
            .setCpuQuota(number(options, "cpuquota", n -> n > 0, positive))
            .setCpusetCpus(set(options, "cpusetcpus"))
            .setCpusetMems(set(options, "cpusetmems"))
            .build();
    return resources.equals(LinuxResources.getDefaultInstance()) ? null : resources;
  }

  private static long number(
      Map<String, String> options, String key, LongPredicate allowed, String rule) {
    String text = options.getOrDefault(key, "");
    if (text.isEmpty()) {
      return 0;
    }
    String prefix = "failed to parse resource limits: invalid " + key + " value: " + text + ": ";
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw FrontendException.failed(prefix + invalidNumber(text), e);
    }
    if (!allowed.test(number)) {
      throw FrontendException.failed(prefix + rule);
    }
    return number;
  }

  private static String set(Map<String, String> options, String key) {
    String text = options.getOrDefault(key, "");
    if (!text.isEmpty() && !text.matches("\\d+(-\\d+)?(,\\d+(-\\d+)?)*")) {
      throw FrontendException.failed(
          "failed to parse resource limits: invalid "
              + key
              + " value: "
              + text
              + ": want numbers and ranges such as 0-3,5");
    }
    return text;
  }

  private static List<String> fields(String text, String doing) {
    try {
      return text.isEmpty() ? List.of() : CsvFields.of(text);
    } catch (IllegalArgumentException e) {
      throw FrontendException.failed(doing + ": " + e.getMessage(), e);
    }
  }

  private static String invalidNumber(String text) {
    return "strconv.ParseInt: parsing \"" + text + "\": invalid syntax";
  }
}
