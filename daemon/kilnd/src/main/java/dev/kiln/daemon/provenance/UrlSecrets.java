package dev.kiln.daemon.provenance;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps user names and passwords in addresses out of records. Stateless. */
final class UrlSecrets {
  private static final String MASK = "xxxxx";
  private static final Pattern WITH_USER =
      Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)([^/?#@]*)@(.*)$", Pattern.DOTALL);

  private UrlSecrets() {}

  /** The same address with its user and password masked; other texts come back unchanged. */
  static String blank(String text) {
    Matcher url = WITH_USER.matcher(text);
    if (!url.matches()) {
      return text;
    }
    String user = url.group(2);
    int colon = user.indexOf(':');
    String masked = colon == 0 || user.isEmpty() ? "" : MASK;
    return url.group(1) + masked + (colon < 0 ? "" : ":" + MASK) + "@" + url.group(3);
  }
}
