package dev.kiln.daemon.source;

import dev.kiln.daemon.image.Images;
import dev.kiln.daemon.source.git.GitKind;
import dev.kiln.daemon.source.http.HttpKind;
import dev.kiln.daemon.worker.TreeHashes;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.wire.session.SessionRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All kinds of source by scheme.
 *
 * @param operations what fetches sources
 * @param metas what tells what sources stand for
 */
public record SourceKinds(
    Map<String, Sources.Kind> operations, Map<String, SourceMetas.Kind> metas) {
  public SourceKinds {
    operations = Map.copyOf(operations);
    metas = Map.copyOf(metas);
  }

  /**
   * Joins the kinds that this daemon has.
   *
   * @param mountFolder where trees are mounted for a moment
   */
  public static SourceKinds of(
      Images images, RefStore refs, SessionRegistry sessions, TreeHashes hashes, Path mountFolder) {
    ResolvedSources resolved = new ResolvedSources();
    Map<String, Sources.Kind> operations = new HashMap<>();
    Map<String, SourceMetas.Kind> metas = new HashMap<>();
    operations.put("docker-image", new ImageKind(images, refs));
    metas.put("docker-image", SourceMetas.images(images));
    operations.put("local", new LocalKind(sessions, refs, hashes, mountFolder));
    for (HttpKind http : HttpKind.both(refs, sessions, resolved, mountFolder)) {
      operations.put(http.scheme(), http);
      metas.put(http.scheme(), http);
    }
    Blobs blobs = new Blobs(images, sessions);
    LayoutKind layouts = new LayoutKind(refs, sessions);
    operations.put("oci-layout", layouts);
    metas.put("oci-layout", layouts);
    GitKind git = new GitKind(refs, sessions, resolved, blobs, mountFolder);
    operations.put("git", git);
    metas.put("git", git);
    for (String scheme : List.of(BlobLocator.REGISTRY, BlobLocator.LAYOUT)) {
      operations.put(scheme, new BlobKind(scheme, blobs, new OneFile(refs, mountFolder)));
    }
    return new SourceKinds(operations, metas);
  }
}
