package dev.kiln.daemon.source;

import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;

/**
 * Where one blob is: {@code docker-image+blob://} or {@code oci-layout+blob://}, then a name with a
 * digest.
 *
 * @param inLayout whether it is in an OCI layout of the client instead of a registry
 * @param name what stands before the digest
 */
public record BlobLocator(boolean inLayout, String name, Digest digest) {
  /** Scheme of blobs in registries. */
  public static final String REGISTRY = "docker-image+blob";

  /** Scheme of blobs in OCI layouts of clients. */
  public static final String LAYOUT = "oci-layout+blob";

  /** Reads a locator with its scheme. */
  public static BlobLocator parse(String text) throws IOException {
    int at = text.indexOf("://");
    if (at < 0) {
      throw new IOException("failed to parse git.bundle locator \"" + text + "\": missing scheme");
    }
    String scheme = text.substring(0, at);
    if (!scheme.equals(REGISTRY) && !scheme.equals(LAYOUT)) {
      throw new IOException(
          "git.bundle locator scheme \""
              + scheme
              + "\" is not supported; expected \""
              + REGISTRY
              + "\" or \""
              + LAYOUT
              + "\"");
    }
    return parse(scheme, text.substring(at + "://".length()));
  }

  /** Reads a locator without its scheme. */
  public static BlobLocator parse(String scheme, String rest) throws IOException {
    int at = rest.indexOf('@');
    if (at <= 0 || !Digest.isValid(rest.substring(at + 1))) {
      throw new IOException("invalid reference digest in " + scheme + "://" + rest);
    }
    return new BlobLocator(
        scheme.equals(LAYOUT), rest.substring(0, at), new Digest(rest.substring(at + 1)));
  }

  /** The locator without its scheme. */
  public String reference() {
    return name + "@" + digest.text();
  }
}
