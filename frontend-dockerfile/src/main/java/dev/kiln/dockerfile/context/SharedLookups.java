package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.bridge.SourceRequest;
import dev.kiln.dockerfile.bridge.Warning;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Platform;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A bridge that asks for each source once in a build, however many stages and platforms want it.
 */
public final class SharedLookups implements FrontendBridge {

  private final FrontendBridge bridge;
  private final Map<SourceRequest, FutureTask<SourceMeta>> lookups = new ConcurrentHashMap<>();

  public SharedLookups(FrontendBridge bridge) {
    this.bridge = bridge;
  }

  @Override
  public SourceMeta resolveSource(SourceRequest request) {
    FutureTask<SourceMeta> mine = new FutureTask<>(() -> bridge.resolveSource(request));
    FutureTask<SourceMeta> known = lookups.putIfAbsent(request, mine);
    if (known == null) {
      mine.run();
    }
    try {
      return (known == null ? mine : known).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw new IllegalStateException("a lookup failed", e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("the build was cancelled");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  @Override
  public Map<String, String> options() {
    return bridge.options();
  }

  @Override
  public Map<String, Definition> inputs() {
    return bridge.inputs();
  }

  @Override
  public String sessionId() {
    return bridge.sessionId();
  }

  @Override
  public List<Platform> buildPlatforms() {
    return bridge.buildPlatforms();
  }

  @Override
  public FrontendResult solve(SolveRequest request) {
    return bridge.solve(request);
  }

  @Override
  public byte[] readFile(FrontendRef ref, String path, @Nullable FileRange range) {
    return bridge.readFile(ref, path, range);
  }

  @Override
  public FileStat statFile(FrontendRef ref, String path) {
    return bridge.statFile(ref, path);
  }

  @Override
  public List<FileStat> readDir(FrontendRef ref, String path, @Nullable String includePattern) {
    return bridge.readDir(ref, path, includePattern);
  }

  @Override
  public void warn(Warning warning) {
    bridge.warn(warning);
  }
}
