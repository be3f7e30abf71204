package dev.kiln.daemon.gateway;

import com.google.protobuf.UnsafeByteOperations;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.daemon.worker.TreeFiles;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.wire.gateway.ReadDirRequest;
import dev.kiln.wire.gateway.ReadDirResponse;
import dev.kiln.wire.gateway.ReadFileRequest;
import dev.kiln.wire.gateway.ReadFileResponse;
import dev.kiln.wire.gateway.StatFileRequest;
import dev.kiln.wire.gateway.StatFileResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Files of a frontend's refs. Safe for use by many threads. */
final class RefFiles {
  /** Stands for the root of the empty tree. */
  private static final String EMPTY = "empty";

  private final RefTable refs;
  private final UnaryOperator<RuntimeException> explain;
  private final Path mountFolder;

  /**
   * @param explain adds to a failed evaluation what can be looked into
   */
  RefFiles(RefTable refs, UnaryOperator<RuntimeException> explain, Path mountFolder) {
    this.refs = refs;
    this.explain = explain;
    this.mountFolder = mountFolder;
  }

  /** Something to do with the root of a tree. */
  private interface Work<T> {
    T with(Path root) throws IOException;
  }

  private <T> T in(String id, Work<T> work) throws IOException, InterruptedException {
    BuildRef ref = refs.require(id);
    ImmutableRef tree = evaluate(ref);
    if (tree == null) {
      return work.with(Files.createDirectories(mountFolder.resolve(EMPTY)));
    }
    try (MountedRef mounted = new MountedRef(tree, mountFolder)) {
      return work.with(Path.of(mounted.path()));
    }
  }

  private @Nullable ImmutableRef evaluate(BuildRef ref) throws InterruptedException {
    try {
      return ref.evaluate().ref();
    } catch (RuntimeException e) {
      throw explain.apply(e);
    }
  }

  ReadFileResponse readFile(ReadFileRequest request) throws IOException, InterruptedException {
    long offset = request.hasRange() ? request.getRange().getOffset() : 0;
    long length = request.hasRange() ? request.getRange().getLength() : -1;
    byte[] data =
        in(
            request.getRef(),
            root -> TreeFiles.readFile(root, request.getFilePath(), offset, length));
    return ReadFileResponse.newBuilder().setData(UnsafeByteOperations.unsafeWrap(data)).build();
  }

  ReadDirResponse readDir(ReadDirRequest request) throws IOException, InterruptedException {
    return in(
        request.getRef(),
        root ->
            ReadDirResponse.newBuilder()
                .addAllEntries(
                    TreeFiles.readDir(root, request.getDirPath(), request.getIncludePattern()))
                .build());
  }

  StatFileResponse statFile(StatFileRequest request) throws IOException, InterruptedException {
    return in(
        request.getRef(),
        root ->
            StatFileResponse.newBuilder().setStat(TreeFiles.stat(root, request.getPath())).build());
  }
}
