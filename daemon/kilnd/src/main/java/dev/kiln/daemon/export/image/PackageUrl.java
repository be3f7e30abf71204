package dev.kiln.daemon.export.image;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.solver.pb.Platform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Package URLs of images (purl-spec, type docker). */
public final class PackageUrl {
  private PackageUrl() {}

  /** {@code pkg:docker/<name>@<tag>?platform=linux%2Famd64}. */
  public static String docker(ImageReference name, @Nullable Platform platform) {
    return of("docker", name, platform == null ? Map.of() : Map.of("platform", format(platform)));
  }

  /**
   * {@code pkg:<type>/<name>@<tag>?<qualifiers>}; a digest becomes a qualifier.
   *
   * @param qualifiers by name
   */
  public static String of(String type, ImageReference name, Map<String, String> qualifiers) {
    StringBuilder out = new StringBuilder("pkg:" + type + "/");
    String path = name.familiarName();
    int slash = path.lastIndexOf('/');
    out.append(slash < 0 ? "" : encodePath(path.substring(0, slash)) + "/");
    out.append(encode(path.substring(slash + 1)));
    name.tag().ifPresent(tag -> out.append('@').append(encode(tag)));
    Map<String, String> all = new TreeMap<>(qualifiers);
    name.digest().ifPresent(digest -> all.put("digest", digest.text()));
    char separator = '?';
    for (Map.Entry<String, String> each : all.entrySet()) {
      out.append(separator).append(each.getKey()).append('=');
      out.append(each.getKey().equals("digest") ? each.getValue() : encode(each.getValue()));
      separator = '&';
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
