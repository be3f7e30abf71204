package dev.kiln.executor.rootfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text of a resolv.conf(5), taken apart so that containers can use it. */
final class ResolvConf {
  private static final List<String> PUBLIC_NAMESERVERS =
      List.of("8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844");

  private final List<String> nameservers = new ArrayList<>();
  private List<String> search = List.of();
  private final List<String> options = new ArrayList<>();
  private final List<String> others = new ArrayList<>();

  static ResolvConf parse(String text) {
    var conf = new ResolvConf();
    text.lines().map(String::strip).forEach(conf::add);
    return conf;
  }

  private void add(String line) {
    if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
      return;
    }
    List<String> words = List.of(line.split("\\s+"));
    List<String> values = words.subList(1, words.size());
    switch (words.getFirst()) {
      case "nameserver" -> nameservers.addAll(values.stream().limit(1).toList());
      case "domain", "search" -> search = values;
      case "options" -> options.addAll(values);
      default -> others.add(line);
    }
  }

  /** Whether systemd-resolved's stub is all that the file names. */
  boolean namesOnlyResolvedStub() {
    return nameservers.equals(List.of("127.0.0.53"));
  }

  boolean hasNameservers() {
    return !nameservers.isEmpty();
  }

  void override(DnsSettings settings) {
    replace(nameservers, settings.nameservers());
    replace(options, settings.options());
    if (!settings.searchDomains().isEmpty()) {
      search = settings.searchDomains();
    }
  }

  private static void replace(List<String> values, List<String> by) {
    if (!by.isEmpty()) {
      values.clear();
      values.addAll(by);
    }
  }

  /** Drops servers that only the host can reach; without any left, public ones serve. */
  void dropLoopback() {
    nameservers.removeIf(ResolvConf::isLoopback);
    if (nameservers.isEmpty()) {
      nameservers.addAll(PUBLIC_NAMESERVERS);
    }
  }

  private static boolean isLoopback(String address) {
    String text = address.toLowerCase(Locale.ROOT);
    return text.startsWith("127.") || text.equals("::1") || text.startsWith("::ffff:127.");
  }

  String text() {
    var out = new StringBuilder();
    nameservers.forEach(server -> out.append("nameserver ").append(server).append('\n'));
    appendWords(out, "search ", search);
    appendWords(out, "options ", options);
    others.forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  private static void appendWords(StringBuilder out, String key, List<String> words) {
    if (!words.isEmpty()) {
      out.append(key).append(String.join(" ", words)).append('\n');
    }
  }
}
