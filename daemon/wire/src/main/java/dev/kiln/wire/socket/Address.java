package dev.kiln.wire.socket;

import java.nio.file.Path;

/**
 * Where a daemon listens, in the forms that {@code --addr} takes: {@code unix:///run/x.sock},
 * {@code tcp://host:port}, and {@code fd://3} for a socket inherited from the service manager.
 */
public sealed interface Address {

  /** A Unix socket; the path is absolute. */
  record Unix(Path path) implements Address {
    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** A TCP port; port 0 listens on a free one. IPv6 hosts carry no brackets. */
  record Tcp(String host, int port) implements Address {
    @Override
    public String toString() {
      return "tcp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** A listening Unix socket that this process was started with. */
  record Inherited(int fd) implements Address {
    @Override
    public String toString() {
      return "fd://" + fd;
    }
  }

  /** First descriptor that systemd hands over (sd_listen_fds(3)). */
  int FIRST_INHERITED_FD = 3;

  /**
   * Parses an address. {@code fd://} alone means the first inherited descriptor.
   *
   * @throws IllegalArgumentException if the scheme is unknown or a part is missing
   */
  static Address parse(String text) {
    int split = text.indexOf("://");
    if (split < 0) {
      throw invalid(text, "it has no scheme; write unix:///path or tcp://host:port");
    }
    String rest = text.substring(split + 3);
    return switch (text.substring(0, split)) {
      case "unix" -> unix(text, rest);
      case "tcp" -> tcp(text, rest);
      case "fd" -> inherited(text, rest);
      default -> throw invalid(text, "the scheme is not one of unix, tcp, fd");
    };
  }

  private static Address unix(String text, String rest) {
    if (rest.isEmpty()) {
      throw invalid(text, "the path is missing");
    }
    return new Unix(Path.of(rest).toAbsolutePath().normalize());
  }

  private static Address tcp(String text, String rest) {
    String trimmed = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    int colon = trimmed.lastIndexOf(':');
    if (colon < 0) {
      throw invalid(text, "the port is missing");
    }
    String host = trimmed.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Tcp(host.isEmpty() ? "0.0.0.0" : host, number(text, trimmed.substring(colon + 1)));
  }

  private static Address inherited(String text, String rest) {
    return new Inherited(rest.isEmpty() ? FIRST_INHERITED_FD : number(text, rest));
  }

  private static int number(String text, String digits) {
    try {
      int value = Integer.parseInt(digits);
      if (value >= 0 && value <= 65535) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "could not understand address " + text + ": " + digits + " is not a number", e);
    }
    throw invalid(text, digits + " is out of range");
  }

  private static IllegalArgumentException invalid(String text, String why) {
    return new IllegalArgumentException("could not understand address " + text + ": " + why);
  }
}
