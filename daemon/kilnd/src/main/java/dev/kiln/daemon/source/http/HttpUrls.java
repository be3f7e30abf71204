package dev.kiln.daemon.source.http;

import dev.kiln.daemon.source.FileNames;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads URLs more leniently than {@link URI} does. Stateless. */
final class HttpUrls {
  private static final Pattern PARTS =
      Pattern.compile("(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://([^/?#]*))?([^?#]*)(?:[?#].*)?");
  private static final Pattern FILENAME =
      Pattern.compile(
          ";\\s*filename\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern EXTENDED_FILENAME =
      Pattern.compile(";\\s*filename\\*\\s*=\\s*utf-8'[^']*'([^;\\s]+)", Pattern.CASE_INSENSITIVE);
  private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

  private HttpUrls() {}

  /** A URL whose odd characters are escaped. */
  static URI uri(String text) throws IOException {
    StringBuilder escaped = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0);
      escaped.append(plain ? c + "" : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    try {
      return new URI(escaped.toString());
    } catch (URISyntaxException e) {
      throw new IOException("could not parse the URL " + text + ": " + e.getReason(), e);
    }
  }

  /** The URL without user and password. */
  static URI withoutUser(URI uri) throws IOException {
    String text = uri.toString();
    String user = uri.getRawUserInfo();
    return user == null ? uri : uri(text.replaceFirst(Pattern.quote(user + "@"), ""));
  }

  /** The host with its port. */
  static String authority(String url) {
    Matcher parts = PARTS.matcher(url);
    String authority = parts.matches() && parts.group(1) != null ? parts.group(1) : "";
    return authority.substring(authority.lastIndexOf('@') + 1);
  }

  /** The host without port. */
  static String host(String url) {
    String authority = authority(url);
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      return end < 0 ? authority : authority.substring(1, end);
    }
    int colon = authority.indexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  /** The path, as it is written. */
  static String path(String url) {
    Matcher parts = PARTS.matcher(url);
    return parts.matches() ? parts.group(2) : "";
  }

  /**
   * The name of a downloaded file: as wanted, or as the server says, or as the URL ends.
   *
   * @param disposition the Content-Disposition header of the answer
   */
  static String filename(String url, String wanted, @Nullable String disposition) {
    if (!wanted.isEmpty()) {
      return FileNames.safe(wanted);
    }
    String named = disposition == null ? "" : named(disposition);
    if (!named.isEmpty() && !named.endsWith("/")) {
      return FileNames.safe(named);
    }
    return FileNames.safe(decoded(path(url)));
  }

  private static String named(String disposition) {
    Matcher extended = EXTENDED_FILENAME.matcher(disposition);
    if (extended.find()) {
      return decoded(extended.group(1));
    }
    Matcher plain = FILENAME.matcher(disposition);
    if (!plain.find()) {
      return "";
    }
    return plain.group(1) != null ? plain.group(1).replaceAll("\\\\(.)", "$1") : plain.group(2);
  }

  private static String decoded(String text) {
    try {
      return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
