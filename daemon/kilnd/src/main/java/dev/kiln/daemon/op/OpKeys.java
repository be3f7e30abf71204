package dev.kiln.daemon.op;

import dev.kiln.daemon.failure.ContentFailure;
import dev.kiln.daemon.failure.KeptTrees;
import dev.kiln.daemon.worker.LayerStatus;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.daemon.worker.TreeHashes;
import dev.kiln.snapshotter.checksum.ContentEntry;
import dev.kiln.snapshotter.checksum.ContentFolder;
import dev.kiln.snapshotter.checksum.ContentHash;
import dev.kiln.snapshotter.checksum.ContentSelector;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.OpDigests;
import dev.kiln.solver.llb.OpKey;
import dev.kiln.solver.pb.Op;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an op with inputs is keyed, with the functions that hash and unpack what it reads. */
final class OpKeys {
  private final Op op;
  private final TreeHashes hashes;
  private final Path mountFolder;

  /**
   * @param mountFolder where trees are mounted while they are hashed
   */
  OpKeys(Op op, TreeHashes hashes, Path mountFolder) {
    this.op = op;
    this.hashes = hashes;
    this.mountFolder = mountFolder;
  }

  CacheMap cacheMap() {
    OpKey key = OpDigests.of(op);
    List<CacheMap.Dep> deps = new ArrayList<>();
    for (OpKey.InputKey input : key.inputs()) {
      List<ContentSelector> selectors = input.selectors().stream().map(OpKeys::selector).toList();
      deps.add(
          new CacheMap.Dep(
              input.selector(),
              input.contentBased()
                  ? (result, context) -> contentKey(result, selectors, context)
                  : null,
              input.preprocess() ? OpKeys::unpack : null,
              result -> contents(result, selectors)));
    }
    return new CacheMap(key.digest(), deps, true);
  }

  private static ContentSelector selector(dev.kiln.solver.llb.ContentSelector from) {
    return new ContentSelector(
        from.path(),
        from.wildcard(),
        from.followLinks(),
        from.include(),
        from.exclude(),
        from.required());
  }

  private String contentKey(Result input, List<ContentSelector> selectors, OpContext context)
      throws IOException {
    @Nullable ImmutableRef ref = RefResult.refOf(input);
    if (ref == null) {
      return ContentHash.contentKeyOfNothing(selectors).text();
    }
    try (MountedRef mounted = new MountedRef(ref, mountFolder)) {
      return hashes.of(ref.id()).contentKey(mounted::path, selectors).text();
    } catch (IOException e) {
      KeptTrees kept = new KeptTrees(List.of(ref.retain()), List.of());
      context.onRelease(kept::release);
      throw new ContentFailure(
          "failed to calculate checksum of ref " + ref.id() + ": " + e.getMessage(), e, kept);
    }
  }

  private List<CacheMap.Entry> contents(Result input, List<ContentSelector> selectors)
      throws IOException {
    @Nullable ImmutableRef ref = RefResult.refOf(input);
    if (ref == null) {
      return List.of();
    }
    try (MountedRef mounted = new MountedRef(ref, mountFolder)) {
      return entries(hashes.of(ref.id()).entries(mounted::path, selectors));
    }
  }

  private static List<CacheMap.Entry> entries(List<ContentEntry> from) {
    List<CacheMap.Entry> entries = new ArrayList<>();
    for (ContentEntry entry : from) {
      @Nullable ContentFolder folder = entry.folder();
      entries.add(
          new CacheMap.Entry(
              entry.path(),
              entry.digest().text(),
              folder == null ? null : () -> entries(folder.entries())));
    }
    return entries;
  }

  private static void unpack(Result input, OpContext context) throws IOException {
    @Nullable ImmutableRef ref = RefResult.refOf(input);
    if (ref != null && ref.isLazy()) {
      ref.ensureExtracted(new LayerStatus(context.progress()));
    }
  }
}
