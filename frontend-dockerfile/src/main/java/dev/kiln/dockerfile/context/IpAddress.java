package dev.kiln.dockerfile.context;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Internet addresses in the form that Go prints. */
public final class IpAddress {

  private static final Pattern V4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
  private static final int V6_GROUPS = 8;

  private IpAddress() {}

  /** The address in its shortest form (RFC 5952); empty if the text is no address. */
  public static Optional<String> canonical(String text) {
    if (!V4.matcher(text).matches() && (!text.contains(":") || text.contains("%"))) {
      return Optional.empty();
    }
    try {
      InetAddress address = InetAddress.ofLiteral(text);
      return Optional.of(
          address instanceof Inet4Address ? address.getHostAddress() : v6(address.getAddress()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String v6(byte[] bytes) {
    int[] groups = new int[V6_GROUPS];
    for (int i = 0; i < V6_GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int zerosAt = -1;
    int zeros = 1;
    for (int i = 0; i < V6_GROUPS; i++) {
      int end = i;
      while (end < V6_GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > zeros) {
        zeros = end - i;
        zerosAt = i;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < V6_GROUPS; i++) {
      if (i == zerosAt) {
        out.append("::");
        i += zeros - 1;
      } else {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
          out.append(':');
        }
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }
}
