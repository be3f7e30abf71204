package dev.kiln.daemon.export.files;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.export.image.PackageUrl;
import dev.kiln.daemon.export.image.Platforms;
import dev.kiln.daemon.export.image.Statements;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.transfer.DirectorySource;
import dev.kiln.wire.transfer.FileSource;
import dev.kiln.wire.transfer.MemorySource;
import dev.kiln.wire.transfer.MergedSource;
import dev.kiln.wire.transfer.SubdirectorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A result as trees of files: one for each platform, with its attestations beside the files. For
 * one thread; must be closed.
 */
final class ResultFiles implements AutoCloseable {
  private static final int DIRECTORY = 1 << 31;
  private static final int FOLDER_MODE = 0755;

  private final Statements statements;
  private final Path mountFolder;
  private final List<MountedRef> mounted = new ArrayList<>();

  /**
   * The files of one platform.
   *
   * @param platform as clients write it; the daemon's own for a result that names none
   */
  record Tree(String platform, FileSource files) {
    /** The folder that the platform gets: its id with {@code _} for slashes. */
    String folder() {
      return platform.replace('/', '_');
    }
  }

  ResultFiles(Statements statements, Path mountFolder) {
    this.statements = statements;
    this.mountFolder = mountFolder;
  }

  /** The trees of a result. */
  List<Tree> open(BuildResult result, FileOptions given, boolean split) throws Exception {
    List<Tree> trees = new ArrayList<>();
    for (Platforms.Exported platform : platforms(result)) {
      ByteString epoch = Platforms.metadata(result.metadata(), "source.date.epoch", platform.key());
      FileOptions options = given.withResultEpoch(epoch == null ? null : epoch.toStringUtf8());
      ImmutableRef ref = platform.ref() == null ? null : platform.ref().evaluate().ref();
      FileSource files = ref == null ? new MemorySource() : mounted(ref, options);
      List<Attestation> attested =
          Platforms.attestations(result, platform).stream()
              .filter(each -> !Statements.isInlineOnly(each))
              .toList();
      if (!attested.isEmpty()) {
        MemorySource statementFiles =
            AttestationFiles.of(statements, attested, files, options, split ? "" : platform.key());
        files = new MergedSource(List.of(files, statementFiles));
      }
      trees.add(new Tree(folderName(platform), files));
    }
    return trees;
  }

  private static String folderName(Platforms.Exported platform) {
    return platform.id().isEmpty()
        ? PackageUrl.format(dev.kiln.solver.llb.Platforms.local())
        : platform.id();
  }

  private static List<Platforms.Exported> platforms(BuildResult result) {
    if (!result.isMap() && result.ref() == null) {
      return List.of(new Platforms.Exported("", "", null, null));
    }
    return Platforms.of(result);
  }

  private FileSource mounted(ImmutableRef ref, FileOptions options) throws IOException {
    MountedRef mount = new MountedRef(ref, mountFolder);
    mounted.add(mount);
    DirectorySource files = DirectorySource.of(Path.of(mount.path()));
    Instant epoch = options.epoch();
    if (epoch == null) {
      return files;
    }
    long nanos = epoch.getEpochSecond() * 1_000_000_000L;
    return files.mapped(stat -> stat.toBuilder().setModTime(nanos).build());
  }

  /** All trees as one: each in its folder, or laid over each other. */
  static FileSource joined(List<Tree> trees, boolean split, FileOptions options)
      throws IOException {
    if (!split) {
      if (trees.size() == 1) {
        return trees.getFirst().files();
      }
      checkNoConflict(trees);
      return new MergedSource(trees.stream().map(Tree::files).toList());
    }
    SubdirectorySource all = new SubdirectorySource();
    Instant now = options.epoch() == null ? Instant.now() : options.epoch();
    for (Tree tree : trees) {
      Stat folder =
          Stat.newBuilder()
              .setPath(tree.folder())
              .setMode(DIRECTORY | FOLDER_MODE)
              .setModTime(now.getEpochSecond() * 1_000_000_000L + now.getNano())
              .build();
      all.add(folder, tree.files());
    }
    return all;
  }

  private static void checkNoConflict(List<Tree> trees) throws IOException {
    Map<String, String> owner = new HashMap<>();
    for (Tree tree : trees) {
      tree.files()
          .walk(
              entry -> {
                if ((entry.getMode() & DIRECTORY) != 0) {
                  return;
                }
                String earlier = owner.putIfAbsent(entry.getPath(), tree.platform());
                if (earlier != null) {
                  throw BuildFailure.of(
                      "cannot overwrite "
                          + entry.getPath()
                          + " from "
                          + earlier
                          + " with "
                          + tree.platform()
                          + " when split option is disabled",
                      null);
                }
              });
    }
  }

  @Override
  public void close() throws IOException {
    for (MountedRef each : mounted) {
      each.close();
    }
  }
}
