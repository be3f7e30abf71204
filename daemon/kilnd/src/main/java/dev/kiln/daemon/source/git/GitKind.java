package dev.kiln.daemon.source.git;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.source.Blobs;
import dev.kiln.daemon.source.ResolvedSources;
import dev.kiln.daemon.source.SourceMetas;
import dev.kiln.daemon.source.Sources;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.Operation;
import dev.kiln.solver.VertexProgress;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.ResolveSourceGitResponse;
import dev.kiln.wire.gateway.ResolveSourceMetaRequest;
import dev.kiln.wire.gateway.ResolveSourceMetaResponse;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sources {@code git://}. */
public final class GitKind implements Sources.Kind, SourceMetas.Kind {
  private final GitRepository repository;

  /**
   * @param mountFolder where trees are mounted, and files are made, for a moment
   */
  public GitKind(
      RefStore refs,
      SessionRegistry sessions,
      ResolvedSources resolved,
      Blobs blobs,
      Path mountFolder) {
    this.repository = new GitRepository(refs, sessions, resolved, blobs, mountFolder);
  }

  @Override
  public Operation open(String rest, SourceOp source, Platform platform) throws IOException {
    return new GitSource(GitOptions.read(rest, source), repository);
  }

  @Override
  public ResolveSourceMetaResponse resolve(
      Build build,
      VertexProgress progress,
      String rest,
      SourceOp source,
      Platform platform,
      ResolveSourceMetaRequest request)
      throws Exception {
    GitOptions options = GitOptions.read(rest, source);
    GitAsker asker = new GitAsker(List.of(build.job()), build::sessions, progress);
    GitCommit commit = repository.resolve(options, asker);
    ResolveSourceGitResponse.Builder git =
        ResolveSourceGitResponse.newBuilder()
            .setChecksum(commit.checksum())
            .setRef(commit.ref())
            .setCommitChecksum(commit.commitChecksum());
    if (request.getGit().getReturnObject()) {
      GitObjects objects = repository.objects(options, commit, asker);
      git.setCommitChecksum(objects.commitChecksum())
          .setCommitObject(ByteString.copyFrom(objects.commit()))
          .setTagObject(ByteString.copyFrom(objects.tag()));
    }
    return ResolveSourceMetaResponse.newBuilder().setSource(source).setGit(git).build();
  }
}
