package dev.kiln.dockerfile.llb;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name of an image, with its registry spelled out. Grammar and defaults: the distribution
 * project's reference package.
 *
 * @param domain registry, such as {@code docker.io}
 * @param path repository in the registry, such as {@code library/alpine}
 * @param tag or empty
 * @param digest such as {@code sha256:...}, or empty
 */
public record ImageName(String domain, String path, String tag, String digest) {

  private static final String DEFAULT_DOMAIN = "docker.io";
  private static final String OFFICIAL = "library/";
  private static final int MAX_NAME_CHARS = 255;

  private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String DOMAIN =
      "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?";
  private static final String COMPONENT = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
  private static final Pattern REFERENCE =
      Pattern.compile(
          "((?:"
              + DOMAIN
              + "/)?"
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)"
              + "(?::(\\w[\\w.-]{0,127}))?"
              + "(?:@([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?");
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  /**
   * Parses a name as users write it, {@code alpine} for {@code docker.io/library/alpine}.
   *
   * @throws IllegalArgumentException with the texts that Docker's tools print
   */
  public static ImageName parse(String text) {
    if (IDENTIFIER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    String domain;
    String remainder;
    if (slash >= 0 && isDomain(first)) {
      domain = first.equals("index.docker.io") ? DEFAULT_DOMAIN : first;
      remainder = text.substring(slash + 1);
    } else {
      domain = DEFAULT_DOMAIN;
      remainder = text;
    }
    if (domain.equals(DEFAULT_DOMAIN) && !remainder.contains("/")) {
      remainder = OFFICIAL + remainder;
    }
    int tagAt = remainder.indexOf(':');
    String repository = tagAt < 0 ? remainder : remainder.substring(0, tagAt);
    if (!repository.toLowerCase(Locale.ROOT).equals(repository)) {
      throw new IllegalArgumentException(
          "invalid reference format: repository name (" + repository + ") must be lowercase");
    }
    return exact(domain + "/" + remainder, domain);
  }

  private static boolean isDomain(String first) {
    return first.equals("localhost")
        || first.indexOf('.') >= 0
        || first.indexOf(':') >= 0
        || !first.toLowerCase(Locale.ROOT).equals(first);
  }

  private static ImageName exact(String full, String domain) {
    Matcher match = REFERENCE.matcher(full);
    if (!match.matches()) {
      throw new IllegalArgumentException("invalid reference format");
    }
    String name = match.group(1);
    if (name.length() > MAX_NAME_CHARS) {
      throw new IllegalArgumentException(
          "repository name must not be more than " + MAX_NAME_CHARS + " characters");
    }
    return new ImageName(
        domain,
        name.substring(domain.length() + 1),
        orEmpty(match.group(2)),
        orEmpty(match.group(3)));
  }

  /**
   * Parses a name that is no image of a registry, such as a store of OCI layouts: no defaults are
   * put in.
   *
   * @throws IllegalArgumentException if it is not a reference
   */
  public static ImageName parseVerbatim(String text) {
    Matcher match = REFERENCE.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("invalid reference format");
    }
    return new ImageName("", match.group(1), orEmpty(match.group(2)), orEmpty(match.group(3)));
  }

  private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }

  /** Registry and repository. */
  public String name() {
    return domain.isEmpty() ? path : domain + "/" + path;
  }

  /** The same name, with the tag {@code latest} if it has neither tag nor digest. */
  public ImageName tagged() {
    return tag.isEmpty() && digest.isEmpty() ? new ImageName(domain, path, "latest", "") : this;
  }

  /** The same name with a digest. */
  public ImageName withDigest(String newDigest) {
    return new ImageName(domain, path, tag, newDigest);
  }

  /** The name as users write it, without what is default. */
  public String familiar() {
    String shortName = name();
    if (domain.equals(DEFAULT_DOMAIN)) {
      boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
      shortName = official ? path.substring(OFFICIAL.length()) : path;
    }
    return withSuffixes(shortName);
  }

  /** The full name. */
  @Override
  public String toString() {
    return withSuffixes(name());
  }

  private String withSuffixes(String base) {
    String text = tag.isEmpty() ? base : base + ":" + tag;
    return digest.isEmpty() ? text : text + "@" + digest;
  }
}
