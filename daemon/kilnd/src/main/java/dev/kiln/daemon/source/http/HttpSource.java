package dev.kiln.daemon.source.http;

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

/** A file behind a URL (llb.md, section 4). A wanted digest is the key, with nothing asked. */
final class HttpSource implements Operation, Captured {
  private final HttpOptions options;
  private final HttpFiles files;
  private @Nullable HttpContent content;

  HttpSource(HttpOptions options, HttpFiles files) {
    this.options = options;
    this.files = files;
  }

  private static HttpFiles.Asker asker(OpContext context) {
    return new HttpFiles.Asker(context.jobs(), context::sessions);
  }

  private synchronized HttpContent resolve(OpContext context) throws Exception {
    HttpContent known = content;
    if (known == null) {
      known = files.find(options, asker(context));
      content = known;
    }
    return known;
  }

  @Override
  public synchronized String resolved() {
    return content == null ? "" : content.digest();
  }

  @Override
  public synchronized void capture(Capture into) {
    if (content != null) {
      into.add(new Capture.Http(options.url(), content.digest()));
    }
  }

  @Override
  public CacheMap cacheMap(int index, OpContext context) throws Exception {
    String key = options.cacheKey(resolve(context));
    return new CacheMap(SourceKeys.digest(key), List.of(), true);
  }

  @Override
  public List<Result> run(List<Result> inputs, OpContext context) throws Exception {
    return List.of(new RefResult(files.tree(options, resolve(context), asker(context))));
  }
}
