package dev.kiln.dockerfile.llb;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a git repository: a URL, or the form {@code user@host:path} of SSH.
 *
 * @param scheme {@code http}, {@code https}, {@code ssh} or {@code git}
 * @param host with its port, if any
 * @param path of the repository on the host
 * @param query values by name, in the order written; empty lists do not occur
 * @param fragment behind {@code #}, or empty
 * @param remote what to hand to git: the address without query and fragment
 */
public record GitUrl(
    String scheme,
    String host,
    String path,
    Map<String, List<String>> query,
    String fragment,
    String remote) {

  private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git");
  private static final Pattern URL =
      Pattern.compile(
          "([a-zA-Z0-9]+)://([^/?#]*)([^?#]*)(?:\\?([^#]*))?(?:#(.*))?", Pattern.DOTALL);
  private static final Pattern SCP =
      Pattern.compile("([a-zA-Z0-9-_]+)@([a-zA-Z0-9-.]+):(.*?)(?:\\?(.*?))?(?:#(.*))?");

  /** Parses an address; empty if it is none of git. */
  public static Optional<GitUrl> parse(String text) {
    Matcher url = URL.matcher(text);
    if (url.matches()) {
      String scheme = url.group(1).toLowerCase(Locale.ROOT);
      if (!SCHEMES.contains(scheme)) {
        return Optional.empty();
      }
      String authority = url.group(2);
      return Optional.of(
          new GitUrl(
              scheme,
              authority.substring(authority.lastIndexOf('@') + 1),
              decoded(url.group(3).replace("+", "%2B")),
              query(url.group(4) == null ? "" : url.group(4)),
              url.group(5) == null ? "" : decoded(url.group(5).replace("+", "%2B")),
              scheme + "://" + authority + url.group(3)));
    }
    Matcher scp = SCP.matcher(text);
    if (scp.matches()) {
      return Optional.of(
          new GitUrl(
              "ssh",
              scp.group(2),
              scp.group(3),
              query(scp.group(4) == null ? "" : scp.group(4)),
              scp.group(5) == null ? "" : scp.group(5),
              scp.group(1) + "@" + scp.group(2) + ":" + scp.group(3)));
    }
    return Optional.empty();
  }

  private static Map<String, List<String>> query(String text) {
    Map<String, List<String>> values = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
      }
    }
    return values;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
