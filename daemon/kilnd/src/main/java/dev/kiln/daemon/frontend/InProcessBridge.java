package dev.kiln.daemon.frontend;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.daemon.worker.TreeFiles;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.bridge.Warning;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Platform;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.gateway.ResolveSourceGitRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.gateway.WarnRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A build's bridge for a frontend that runs inside the daemon. Safe for use by many threads. */
final class InProcessBridge implements FrontendBridge {
  private final BuildBridge bridge;
  private final BuildBridge.Request request;
  private final Worker worker;
  private final Path mountFolder;

  InProcessBridge(
      BuildBridge bridge, BuildBridge.Request request, Worker worker, Path mountFolder) {
    this.bridge = bridge;
    this.request = request;
    this.worker = worker;
    this.mountFolder = mountFolder;
  }

  @Override
  public Map<String, String> options() {
    return request.options();
  }

  @Override
  public Map<String, Definition> inputs() {
    return request.inputs();
  }

  @Override
  public String sessionId() {
    return bridge.build().sessionId();
  }

  @Override
  public List<Platform> buildPlatforms() {
    return worker.platforms();
  }

  /** Blocking work that may be interrupted. */
  private interface Call<T> {
    T run() throws InterruptedException, IOException;
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.run();
    } catch (InterruptedException e) {
      throw new DockerfileRunner.Interrupted(e);
    } catch (IOException e) {
      throw BuildFailure.of(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public FrontendResult solve(SolveRequest wanted) {
    BuildBridge.Request inner =
        new BuildBridge.Request(
            wanted.definition(),
            wanted.frontend(),
            wanted.frontendOptions(),
            wanted.frontendInputs(),
            wanted.evaluate(),
            wanted.cacheImports().stream()
                .map(each -> new BuildBridge.CacheImport(each.type(), each.attributes()))
                .toList(),
            List.of());
    return BridgeValues.result(call(() -> bridge.solve(inner)));
  }

  /** Something to do with the root of a tree. */
  private interface Work<T> {
    T with(Path root) throws IOException;
  }

  private <T> T in(FrontendRef ref, String path, Work<T> work) {
    return call(
        () -> {
          BuildRef built = BridgeValues.ref(ref);
          ImmutableRef tree = built == null ? null : built.evaluate().ref();
          if (tree == null) {
            throw new IOException("open " + path + ": no such file or directory");
          }
          try (MountedRef mounted = new MountedRef(tree, mountFolder)) {
            return work.with(Path.of(mounted.path()));
          }
        });
  }

  @Override
  public byte[] readFile(FrontendRef ref, String path, @Nullable FileRange range) {
    long offset = range == null ? 0 : range.offset();
    long length = range == null ? -1 : range.length();
    return in(ref, path, root -> TreeFiles.readFile(root, path, offset, length));
  }

  @Override
  public FileStat statFile(FrontendRef ref, String path) {
    return in(ref, path, root -> stat(TreeFiles.stat(root, path)));
  }

  @Override
  public List<FileStat> readDir(FrontendRef ref, String path, @Nullable String includePattern) {
    String pattern = includePattern == null ? "" : includePattern;
    return in(
        ref,
        path,
        root ->
            TreeFiles.readDir(root, path, pattern).stream().map(InProcessBridge::stat).toList());
  }

  private static FileStat stat(Stat from) {
    return new FileStat(
        from.getPath(),
        from.getMode(),
        from.getUid(),
        from.getGid(),
        from.getSize(),
        from.getModTime(),
        from.getLinkname());
  }

  @Override
  public SourceMeta resolveSource(SourceRequest wanted) {
    ResolveSourceMetaRequest.Builder out =
        ResolveSourceMetaRequest.newBuilder()
            .setSource(wanted.source())
            .setResolveMode(wanted.resolveMode())
            .setLogName(wanted.logName());
    if (wanted.platform() != null) {
      out.setPlatform(wanted.platform());
    }
    if (wanted.gitObject()) {
      out.setGit(ResolveSourceGitRequest.newBuilder().setReturnObject(true));
    }
    ResolveSourceMetaResponse answer = call(() -> bridge.resolveSourceMeta(out.build()));
    return new SourceMeta(
        answer.getSource(),
        answer.hasImage()
            ? new SourceMeta.Image(answer.getImage().getDigest(), answer.getImage().getConfig())
            : null,
        answer.hasGit()
            ? new SourceMeta.Git(
                answer.getGit().getChecksum(),
                answer.getGit().getRef(),
                answer.getGit().getCommitChecksum(),
                answer.getGit().getCommitObject())
            : null,
        answer.hasHTTP()
            ? new SourceMeta.Http(
                answer.getHTTP().getChecksum(),
                answer.getHTTP().getFilename(),
                answer.getHTTP().hasLastModified()
                    ? instant(answer.getHTTP().getLastModified())
                    : null)
            : null);
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  @Override
  public void warn(Warning warning) {
    bridge.warn(
        WarnRequest.newBuilder()
            .setDigest(warning.vertexDigest())
            .setLevel(warning.level())
            .setShort(ByteString.copyFromUtf8(warning.summary()))
            .addAllDetail(warning.detail().stream().map(ByteString::copyFromUtf8).toList())
            .setUrl(warning.url())
            .setInfo(warning.source())
            .addAllRanges(warning.ranges())
            .build());
  }
}
