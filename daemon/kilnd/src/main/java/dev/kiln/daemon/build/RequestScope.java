package dev.kiln.daemon.build;

import dev.kiln.solver.pb.Platform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened on behalf of one request: the definitions that were solved, the images that were
 * looked up and the frontends that were called in turn. Provenance is told from it. Safe for use by
 * many threads.
 */
public final class RequestScope {
  private final @Nullable FrontendCall call;
  private final @Nullable FrontendCall root;
  private final Set<BuildRef> refs = new LinkedHashSet<>();
  private final List<RequestScope> inner = new ArrayList<>();
  private final List<LookedUpImage> images = new ArrayList<>();

  /**
   * An image that a frontend asked about.
   *
   * @param reference without its scheme
   * @param platform null when none was named
   * @param digest of what the reference led to
   * @param local whether it is in a layout of the client, not in a registry
   */
  public record LookedUpImage(
      String reference, @Nullable Platform platform, String digest, boolean local) {}

  private RequestScope(@Nullable FrontendCall call, @Nullable FrontendCall root) {
    this.call = call;
    this.root = root;
  }

  /** The scope of a whole build, in which no frontend runs yet. */
  public static RequestScope ofBuild(FrontendCall asked) {
    return new RequestScope(null, asked);
  }

  /** A scope for a frontend that is called from this one; not part of it until it is joined. */
  RequestScope begin(FrontendCall asked) {
    return new RequestScope(asked, root == null || root.isEmpty() ? call : root);
  }

  /** What the frontend of this scope was asked; null in the scope of a whole build. */
  public @Nullable FrontendCall call() {
    return call;
  }

  /** What the client asked of the build; null when it asked nothing beyond {@link #call}. */
  public @Nullable FrontendCall root() {
    return root == null || root.isEmpty() ? null : root;
  }

  synchronized void add(BuildRef ref) {
    refs.add(ref);
  }

  synchronized void add(LookedUpImage image) {
    images.add(image);
  }

  /** Takes in what a called frontend did, once it is done. */
  synchronized void join(RequestScope called) {
    inner.add(called);
  }

  private synchronized List<RequestScope> innerNow() {
    return List.copyOf(inner);
  }

  private synchronized List<BuildRef> refsNow() {
    return List.copyOf(refs);
  }

  private synchronized boolean has(BuildRef ref) {
    return refs.contains(ref);
  }

  /** The innermost scope in which a ref came up. */
  public Optional<RequestScope> ownerOf(BuildRef ref) {
    for (RequestScope each : innerNow()) {
      Optional<RequestScope> found = each.ownerOf(ref);
      if (found.isPresent()) {
        return found;
      }
    }
    return has(ref) ? Optional.of(this) : Optional.empty();
  }

  /** Visits all refs of this scope and of those inside; some may come twice. */
  public void forEachRef(Consumer<BuildRef> visitor) {
    refsNow().forEach(visitor);
    innerNow().forEach(each -> each.forEachRef(visitor));
  }

  /** The images that were looked up here and in the scopes inside. */
  public List<LookedUpImage> images() {
    List<LookedUpImage> all = new ArrayList<>();
    synchronized (this) {
      all.addAll(images);
    }
    innerNow().forEach(each -> all.addAll(each.images()));
    return all;
  }
}
