package dev.kiln.daemon.provenance;

import dev.kiln.daemon.export.image.PackageUrl;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.dockerfile.context.GitReference;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.reference.InvalidReferenceException;
import dev.kiln.solver.llb.Platforms;
import dev.kiln.solver.pb.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was captured, as addresses with digests. Stateless. */
final class Materials {
  private static final String REF_TYPE = "ref_type";
  private static final int SHA256_HEX_CHARS = 64;

  private Materials() {}

  /**
   * Something that a build used.
   *
   * @param digests by algorithm, in hex
   */
  record Material(String uri, Map<String, String> digests) {}

  /** All materials but directories of the client, which have no digests. */
  static List<Material> of(Capture capture) {
    List<Material> all = new ArrayList<>();
    for (Capture.Image image : capture.images()) {
      String uri = url(image.local(), image.reference(), image.platform(), Map.of());
      all.add(new Material(uri, digests(image.digest())));
    }
    for (Capture.Blob blob : capture.blobs()) {
      String uri = url(blob.local(), blob.reference(), null, Map.of(REF_TYPE, "blob"));
      all.add(new Material(uri, digests(blob.digest())));
    }
    for (Capture.Git git : capture.gits()) {
      all.add(new Material(git.url(), commit(git.commit())));
      Material bundle = bundle(git);
      if (bundle != null) {
        all.add(bundle);
      }
    }
    for (Capture.Http http : capture.https()) {
      all.add(new Material(http.url(), digests(http.digest())));
    }
    return all;
  }

  private static String url(
      boolean local, String reference, @Nullable Platform platform, Map<String, String> more) {
    Map<String, String> qualifiers = new TreeMap<>(more);
    if (platform != null) {
      qualifiers.put("platform", PackageUrl.format(Platforms.normalize(platform)));
    }
    ImageReference parsed;
    try {
      parsed = ImageReference.parse(reference);
    } catch (InvalidReferenceException e) {
      throw BuildFailure.of("failed to parse ref \"" + reference + "\": " + e.getMessage(), e);
    }
    ImageReference named = parsed.digest().isPresent() ? parsed : parsed.withDefaultTag();
    return PackageUrl.of(local ? "oci" : "docker", named, qualifiers);
  }

  private static @Nullable Material bundle(Capture.Git git) {
    int scheme = git.bundle().indexOf("://");
    int at = git.bundle().lastIndexOf('@');
    if (scheme <= 0 || at <= scheme) {
      return null;
    }
    boolean local = git.bundle().startsWith("oci-layout");
    String reference = git.bundle().substring(scheme + "://".length(), at);
    Map<String, String> qualifiers = Map.of(REF_TYPE, "bundle", "vcs_url", git.url());
    return new Material(
        url(local, reference, null, qualifiers), digests(git.bundle().substring(at + 1)));
  }

  private static Map<String, String> digests(String digest) {
    int colon = digest.indexOf(':');
    return colon < 0 ? Map.of() : Map.of(digest.substring(0, colon), digest.substring(colon + 1));
  }

  private static Map<String, String> commit(String hex) {
    return Map.of(hex.length() == SHA256_HEX_CHARS ? "sha256" : "sha1", hex);
  }

  /** What a build's context came to, when it is remote: a repository or a download. */
  static @Nullable Material ofContext(Capture capture, String context) {
    Optional<GitReference> git = git(context);
    String address = context;
    String shown = context;
    if (git.isPresent()) {
      String ref = git.get().ref();
      String folder = Path.of("/", git.get().subdirectory()).normalize().toString().substring(1);
      address = git.get().remote() + (ref.isEmpty() ? "" : "#" + ref);
      shown = folder.isEmpty() ? address : git.get().remote() + "#" + ref + ":" + folder;
    }
    String wanted = UrlSecrets.blank(address);
    for (Capture.Git each : capture.gits()) {
      if (each.url().equals(wanted)) {
        return new Material(shown, commit(each.commit()));
      }
    }
    for (Capture.Http each : capture.https()) {
      if (each.url().equals(wanted)) {
        return new Material(each.url(), digests(each.digest()));
      }
    }
    return null;
  }

  private static Optional<GitReference> git(String context) {
    try {
      return GitReference.parse(context);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
