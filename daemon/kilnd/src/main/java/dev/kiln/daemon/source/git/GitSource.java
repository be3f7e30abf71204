package dev.kiln.daemon.source.git;

import dev.kiln.daemon.worker.RefResult;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.SourceKeys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A commit of a git repository (llb.md, section 4). */
final class GitSource implements Operation {
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
  public CacheMap cacheMap(int index, OpContext context) throws Exception {
    String key = options.cacheKey(resolve(context));
    return new CacheMap(SourceKeys.digest(key), List.of(), true);
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    return List.of(new RefResult(repository.tree(options, resolve(context), asker(context))));
  }
}
