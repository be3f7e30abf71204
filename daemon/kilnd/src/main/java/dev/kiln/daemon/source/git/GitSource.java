package dev.kiln.daemon.source.git;

import dev.kiln.daemon.provenance.Capture;
import dev.kiln.daemon.provenance.Captured;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.SourceKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A commit of a git repository (llb.md, section 4). */
final class GitSource implements Operation, Captured {
  private final GitOptions options;
  private final GitRepository repository;
  private @Nullable GitCommit commit;

  GitSource(GitOptions options, GitRepository repository) {
    this.options = options;
    this.repository = repository;
  }

  private static GitAsker asker(OpContext context) {
    return new GitAsker(context.jobs(), context::sessions, context.progress());
  }

  private synchronized GitCommit resolve(OpContext context) throws Exception {
    GitCommit known = commit;
    if (known == null) {
      known = repository.resolve(options, asker(context));
      commit = known;
    }
    return known;
  }

  @Override
  public synchronized String resolved() {
    return commit == null ? "" : commit.checksum();
  }

  @Override
  public synchronized void capture(Capture into) {
    if (commit == null) {
      return;
    }
    String ref = options.ref().isEmpty() ? "" : "#" + options.ref();
    into.add(new Capture.Git(options.remote() + ref, commit.checksum(), options.bundle()));
    if (!options.tokenSecret().isEmpty()) {
      into.addSecret(options.tokenSecret(), true);
    }
    if (!options.headerSecret().isEmpty()) {
      into.addSecret(options.headerSecret(), true);
    }
    if (!options.sshId().isEmpty()) {
      into.addSsh(options.sshId(), true);
    }
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) throws Exception {
    String key = options.cacheKey(resolve(context));
    return new CacheMap(SourceKeys.digest(key), List.of(), true);
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    return List.of(new RefResult(repository.tree(options, resolve(context), asker(context))));
  }
}
