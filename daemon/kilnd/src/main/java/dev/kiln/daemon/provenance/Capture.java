package dev.kiln.daemon.provenance;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.reference.InvalidReferenceException;
import dev.kiln.solver.pb.Platform;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a result was made from. For one thread. */
public final class Capture {
  private final List<Image> images = new ArrayList<>();
  private final Map<String, Blob> blobs = new LinkedHashMap<>();
  private final Map<String, Git> gits = new LinkedHashMap<>();
  private final Map<String, Http> https = new LinkedHashMap<>();
  private final Set<String> locals = new HashSet<>();
  private final Map<String, Boolean> secrets = new TreeMap<>();
  private final Map<String, Boolean> ssh = new TreeMap<>();
  private boolean networkAccess;
  private boolean incomplete;

  /**
   * An image.
   *
   * @param platform null when it does not matter
   * @param digest text of the digest, empty when it is not known
   * @param local in a layout of the client instead of a registry
   */
  public record Image(
      String reference, @Nullable Platform platform, String digest, boolean local) {}

  /** A single blob of an image repository. */
  public record Blob(String reference, String digest, boolean local) {}

  /**
   * A commit.
   *
   * @param url of the repository, with {@code #} and the ref if one was named
   * @param commit in hex
   * @param bundle locator of the bundle that the commit was read from, empty for none
   */
  public record Git(String url, String commit, String bundle) {}

  /** A download. */
  public record Http(String url, String digest) {}

  /** Adds an image, unless it is there for the same platform. */
  public void add(Image image) {
    for (Image each : images) {
      if (each.reference().equals(image.reference())
          && each.local() == image.local()
          && samePlatform(each.platform(), image.platform())) {
        return;
      }
    }
    images.add(image);
  }

  private static boolean samePlatform(@Nullable Platform one, @Nullable Platform other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.getOS().equals(other.getOS())
        && one.getArchitecture().equals(other.getArchitecture())
        && one.getVariant().equals(other.getVariant())
        && one.getOSVersion().equals(other.getOSVersion());
  }

  /** Adds a blob. */
  public void add(Blob blob) {
    blobs.putIfAbsent(blob.reference() + " " + blob.local(), blob);
  }

  /** Adds a commit; passwords in the address are blanked. */
  public void add(Git git) {
    String url = UrlSecrets.blank(git.url());
    gits.putIfAbsent(url + " " + git.bundle(), new Git(url, git.commit(), git.bundle()));
  }

  /** Adds a download; passwords in the address are blanked. */
  public void add(Http http) {
    String url = UrlSecrets.blank(http.url());
    https.putIfAbsent(url, new Http(url, http.digest()));
  }

  /** Adds a directory of the client. */
  public void addLocal(String name) {
    locals.add(name);
  }

  /** Adds a secret; it is optional only if every use says so. */
  public void addSecret(String id, boolean optional) {
    secrets.merge(id, optional, Boolean::logicalAnd);
  }

  /** Adds an SSH agent; it is optional only if every use says so. */
  public void addSsh(String id, boolean optional) {
    ssh.merge(id.isEmpty() ? "default" : id, optional, Boolean::logicalAnd);
  }

  /** Notes that a step could reach the network. */
  void reachedNetwork() {
    networkAccess = true;
  }

  /** Notes that something was used which could not be told. */
  void missedMaterials() {
    incomplete = true;
  }

  /** Takes over what another result was made from. */
  void merge(Capture other) {
    other.images.forEach(this::add);
    other.blobs.values().forEach(this::add);
    other.gits.values().forEach(this::add);
    other.https.values().forEach(this::add);
    locals.addAll(other.locals);
    other.secrets.forEach(this::addSecret);
    other.ssh.forEach(this::addSsh);
    networkAccess |= other.networkAccess;
    incomplete |= other.incomplete;
  }

  /** Leaves out images by digest that are also there by the same name without one. */
  void dropPinnedTwins() {
    Set<String> byName = new HashSet<>();
    images.stream().filter(i -> !isPinned(i)).forEach(i -> byName.add(name(i)));
    images.removeIf(image -> isPinned(image) && byName.contains(name(image)));
  }

  private static boolean isPinned(Image image) {
    return image.reference().contains("@");
  }

  private static String name(Image image) {
    try {
      ImageReference reference = ImageReference.parse(image.reference());
      return reference.name() + ":" + reference.tag().orElse("latest");
    } catch (InvalidReferenceException e) {
      return image.reference();
    }
  }

  List<Image> images() {
    return images.stream().sorted(Comparator.comparing(Image::reference)).toList();
  }

  List<Blob> blobs() {
    return blobs.values().stream().sorted(Comparator.comparing(Blob::reference)).toList();
  }

  List<Git> gits() {
    return gits.values().stream().sorted(Comparator.comparing(Git::url)).toList();
  }

  List<Http> https() {
    return https.values().stream().sorted(Comparator.comparing(Http::url)).toList();
  }

  List<String> locals() {
    return locals.stream().sorted().toList();
  }

  /** Ids of secrets, with whether they are optional. */
  Map<String, Boolean> secrets() {
    return secrets;
  }

  /** Ids of SSH agents, with whether they are optional. */
  Map<String, Boolean> ssh() {
    return ssh;
  }

  /** Whether everything that came in is told with a digest. */
  boolean isComplete() {
    return !incomplete && locals.isEmpty();
  }

  /** Whether nothing else could have come in. */
  boolean isHermetic() {
    return isComplete() && !networkAccess;
  }
}
