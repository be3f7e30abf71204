package dev.kiln.daemon.export.image;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.solver.pb.Platform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Package URLs of images (purl-spec, type docker). */
public final class PackageUrl {
  private PackageUrl() {}

  /** {@code pkg:docker/<name>@<tag>?platform=linux%2Famd64}. */
  public static String docker(ImageReference name, @Nullable Platform platform) {
    StringBuilder out = new StringBuilder("pkg:docker/");
    String path = name.familiarName();
    int slash = path.lastIndexOf('/');
    out.append(slash < 0 ? "" : encodePath(path.substring(0, slash)) + "/");
    out.append(encode(path.substring(slash + 1)));
    name.tag().ifPresent(tag -> out.append('@').append(encode(tag)));
    StringBuilder qualifiers = new StringBuilder();
    name.digest().ifPresent(digest -> qualifiers.append("&digest=").append(digest));
    if (platform != null) {
      qualifiers.append("&platform=").append(encode(format(platform)));
    }
    if (!qualifiers.isEmpty()) {
      out.append('?').append(qualifiers.substring(1));
    }
    return out.toString();
  }

  private static String encodePath(String path) {
    StringBuilder out = new StringBuilder();
    for (String part : path.split("/", -1)) {
      out.append(out.isEmpty() ? "" : "/").append(encode(part));
    }
    return out.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** {@code os/architecture[/variant]}. */
  public static String format(Platform platform) {
    String base = platform.getOS() + "/" + platform.getArchitecture();
    return platform.getVariant().isEmpty() ? base : base + "/" + platform.getVariant();
  }
}
