package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.context.IpAddress;
import dev.kiln.dockerfile.lint.LintFinding;
import dev.kiln.dockerfile.lint.LintReporter;
import dev.kiln.dockerfile.parser.DockerfileException;
import dev.kiln.dockerfile.parser.Location;
import dev.kiln.dockerfile.text.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a word of EXPOSE: {@code [[ip:]host:]port[-port][/protocol]}. */
final class PortSpec {

  private static final Set<String> PROTOCOLS = Set.of("tcp", "udp", "sctp");
  private static final int MAX_PORT = 65535;

  private PortSpec() {}

  /** A run of ports, both ends included. */
  private record Ports(int first, int last) {
    int count() {
      return last - first;
    }
  }

  /**
   * The ports in the form {@code 80/tcp}.
   *
   * @throws DockerfileException if the word is malformed
   */
  static List<String> parse(String word, Location location, LintReporter lint) {
    List<String> parts = List.of(word.split(":", -1));
    int size = parts.size();
    String container = parts.getLast();
    String host = size < 2 ? "" : parts.get(size - 2);
    String ip = size < 3 ? "" : String.join(":", parts.subList(0, size - 2));
    int slash = container.indexOf('/');
    String ports = slash < 0 ? container : container.substring(0, slash);
    String protocol = slash < 0 ? "" : container.substring(slash + 1);
    if (ports.isEmpty()) {
      throw invalid(word, "no port specified");
    }
    if (protocol.isEmpty()) {
      protocol = "tcp";
    }
    String lower = protocol.toLowerCase(Locale.ROOT);
    if (!PROTOCOLS.contains(lower)) {
      throw invalid(word, "invalid proto: " + protocol);
    }
    if (!protocol.equals(lower)) {
      lint.report(LintFinding.exposeProtoCasing(word), location);
    }
    if (!ip.isEmpty() || !host.isEmpty()) {
      lint.report(LintFinding.exposeInvalidFormat(word), location);
    }
    checkAddress(ip);
    Ports range = range(ports);
    if (range == null) {
      throw new DockerfileException("invalid containerPort: " + ports);
    }
    checkHost(host, ports, range);
    List<String> exposed = new ArrayList<>();
    for (int port = range.first(); port <= range.last(); port++) {
      exposed.add(port + "/" + lower);
    }
    return exposed;
  }

  private static DockerfileException invalid(String word, String why) {
    return new DockerfileException("invalid port: " + Quoted.quoted(word) + ": " + why);
  }

  private static void checkAddress(String ip) {
    String bare = ip.startsWith("[") && ip.endsWith("]") ? ip.substring(1, ip.length() - 1) : ip;
    Optional<String> address = IpAddress.canonical(bare);
    if (!bare.isEmpty() && address.isEmpty()) {
      throw new DockerfileException("invalid IP address: " + bare);
    }
  }

  private static void checkHost(String host, String container, Ports range) {
    if (host.isEmpty()) {
      return;
    }
    Ports hostRange = range(host);
    if (hostRange == null) {
      throw new DockerfileException("invalid hostPort: " + host);
    }
    if (range.count() != hostRange.count() && range.count() != 0) {
      throw new DockerfileException(
          "invalid ranges specified for container and host Ports: " + container + " and " + host);
    }
  }

  /** Null if the text is no run of ports. */
  private static @Nullable Ports range(String text) {
    int dash = text.indexOf('-');
    int first = number(dash < 0 ? text : text.substring(0, dash));
    int last = dash < 0 ? first : number(text.substring(dash + 1));
    return first < 0 || last < first ? null : new Ports(first, last);
  }

  private static int number(String text) {
    if (!text.matches("[0-9]{1,9}")) {
      return -1;
    }
    int port = Integer.parseInt(text);
    return port > MAX_PORT ? -1 : port;
  }
}
