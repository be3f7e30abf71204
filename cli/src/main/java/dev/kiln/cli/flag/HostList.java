package dev.kiln.cli.flag;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code --add-host name:address}, also {@code name=address} and {@code [v6]} in brackets. */
public final class HostList {
  private static final Pattern V4 = Pattern.compile("(?:[0-9]{1,3}\\.){3}[0-9]{1,3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private HostList() {}

  /**
   * The frontend's form: {@code name=address} with commas between.
   *
   * @param gateway gives the address that {@code host-gateway} stands for
   */
  public static String attribute(List<String> texts, Supplier<String> gateway) {
    List<String> hosts = new ArrayList<>();
    for (String text : texts) {
      int split = text.indexOf('=') >= 0 ? text.indexOf('=') : text.indexOf(':');
      if (split <= 0 || split == text.length() - 1) {
        throw new UsageException("invalid host " + text);
      }
      String name = text.substring(0, split);
      String addresses = text.substring(split + 1);
      if (addresses.equals("host-gateway")) {
        hosts.add(name + "=" + gateway.get());
        continue;
      }
      for (String address : addresses.split(",", -1)) {
        hosts.add(name + "=" + address(text, address));
      }
    }
    return String.join(",", hosts);
  }

  private static String address(String text, String address) {
    boolean bracketed = address.length() > 2 && address.startsWith("[") && address.endsWith("]");
    String bare = bracketed ? address.substring(1, address.length() - 1) : address;
    if (!V4.matcher(bare).matches() && !V6.matcher(bare).matches()) {
      throw new UsageException("invalid host " + text);
    }
    return bare;
  }
}
