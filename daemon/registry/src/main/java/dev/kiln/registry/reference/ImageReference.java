package dev.kiln.registry.reference;

import dev.kiln.snapshotter.content.Digest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image in its normal form: {@code domain/path[:tag][@digest]}. A short name such as
 * {@code alpine} is completed to {@code docker.io/library/alpine}; a tag is added only by {@link
 * #withDefaultTag()}. Immutable. The grammar is that of the "distribution" project's references.
 *
 * @param domain the registry's name with its port, for example {@code docker.io} or {@code
 *     localhost:5000}
 * @param path the repository below the domain, lower case, for example {@code library/alpine}
 * @param tag the tag, if the reference has one
 * @param digest the digest of the manifest, if the reference has one; it wins over the tag
 */
public record ImageReference(
    String domain, String path, Optional<String> tag, Optional<Digest> digest) {
  /** The registry that short names belong to. */
  public static final String DOCKER_HUB = "docker.io";

  private static final String LEGACY_HUB = "index.docker.io";
  private static final String HUB_SERVER = "registry-1.docker.io";
  private static final String OFFICIAL = "library/";
  private static final int MAX_NAME_CHARS = 255;

  private static final String DOMAIN_PART = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
  private static final String DOMAIN =
      "(?:" + DOMAIN_PART + "(?:\\." + DOMAIN_PART + ")*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?";
  private static final String PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
  private static final String PATH = PATH_PART + "(?:/" + PATH_PART + ")*";
  private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
  private static final String DIGEST =
      "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
  private static final Pattern REFERENCE =
      Pattern.compile("(" + DOMAIN + ")/(" + PATH + ")(?::(" + TAG + "))?(?:@(" + DIGEST + "))?");
  private static final Pattern TAG_ONLY = Pattern.compile(TAG);
  private static final Pattern BARE_ID = Pattern.compile("[a-f0-9]{64}");

  /**
   * Reads a reference as a person writes it.
   *
   * @throws InvalidReferenceException if the text does not follow the grammar
   */
  public static ImageReference parse(String text) {
    if (BARE_ID.matcher(text).matches()) {
      throw new InvalidReferenceException(
          "invalid repository name (" + text + "), cannot specify 64-byte hexadecimal strings");
    }
    String full = complete(text);
    String remainder = full.substring(full.indexOf('/') + 1);
    int colon = remainder.indexOf(':');
    String remote = colon < 0 ? remainder : remainder.substring(0, colon);
    if (!remote.toLowerCase(Locale.ROOT).equals(remote)) {
      throw new InvalidReferenceException(
          "invalid reference format: repository name (" + remote + ") must be lowercase");
    }
    Matcher matcher = REFERENCE.matcher(full);
    if (!matcher.matches()) {
      throw new InvalidReferenceException("invalid reference format");
    }
    String domain = matcher.group(1);
    String path = matcher.group(2);
    if (path.length() > MAX_NAME_CHARS) {
      throw new InvalidReferenceException("repository name must not be more than 255 characters");
    }
    return new ImageReference(
        domain, path, Optional.ofNullable(matcher.group(3)), digestOf(matcher.group(4)));
  }

  private static Optional<Digest> digestOf(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Digest(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidReferenceException("invalid reference format: " + e.getMessage());
    }
  }

  /**
   * Puts the domain in front, and {@code library/} where Docker Hub's official images are meant.
   */
  private static String complete(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return DOCKER_HUB + "/" + OFFICIAL + text;
    }
    String first = text.substring(0, slash);
    boolean isDomain =
        first.equals("localhost")
            || first.contains(".")
            || first.contains(":")
            || !first.toLowerCase(Locale.ROOT).equals(first);
    String domain = !isDomain || first.equals(LEGACY_HUB) ? DOCKER_HUB : first;
    String rest = isDomain ? text.substring(slash + 1) : text;
    if (domain.equals(DOCKER_HUB) && !rest.contains("/")) {
      rest = OFFICIAL + rest;
    }
    return domain + "/" + rest;
  }

  /** The repository's full name without tag and digest: {@code docker.io/library/alpine}. */
  public String name() {
    return domain + "/" + path;
  }

  /**
   * The server that answers for this domain when nothing is configured: {@code
   * registry-1.docker.io} for Docker Hub.
   */
  public String server() {
    return serverOf(domain);
  }

  /** As {@link #server()}, for a domain alone. */
  public static String serverOf(String domain) {
    return domain.equals(DOCKER_HUB) ? HUB_SERVER : domain;
  }

  /** Whether there is neither a tag nor a digest. */
  public boolean isNameOnly() {
    return tag.isEmpty() && digest.isEmpty();
  }

  /** This reference, with the tag {@code latest} if it had neither tag nor digest. */
  public ImageReference withDefaultTag() {
    return isNameOnly() ? withTag("latest") : this;
  }

  /**
   * This reference with another tag; a digest stays.
   *
   * @throws InvalidReferenceException if the tag does not follow the grammar
   */
  public ImageReference withTag(String newTag) {
    if (!TAG_ONLY.matcher(newTag).matches()) {
      throw new InvalidReferenceException("invalid tag format");
    }
    return new ImageReference(domain, path, Optional.of(newTag), digest);
  }

  /** This reference with another digest; a tag stays. */
  public ImageReference withDigest(Digest newDigest) {
    return new ImageReference(domain, path, tag, Optional.of(newDigest));
  }

  /** The name alone. */
  public ImageReference nameOnly() {
    return new ImageReference(domain, path, Optional.empty(), Optional.empty());
  }

  /**
   * What the registry's manifest address ends with: the digest if there is one, else the tag, else
   * {@code latest}.
   */
  public String object() {
    return digest.map(Digest::toString).or(() -> tag).orElse("latest");
  }

  /**
   * The short form that people write: {@code alpine:3.20} for {@code
   * docker.io/library/alpine:3.20}.
   */
  public String familiar() {
    return familiarName() + suffix();
  }

  /** The short form of the name alone. */
  public String familiarName() {
    if (!domain.equals(DOCKER_HUB)) {
      return name();
    }
    boolean official = path.startsWith(OFFICIAL) && path.indexOf('/', OFFICIAL.length()) < 0;
    return official ? path.substring(OFFICIAL.length()) : path;
  }

  private String suffix() {
    return tag.map(t -> ":" + t).orElse("") + digest.map(d -> "@" + d).orElse("");
  }

  /** The normal form: {@code docker.io/library/alpine:3.20@sha256:…}. */
  @Override
  public String toString() {
    return name() + suffix();
  }
}
