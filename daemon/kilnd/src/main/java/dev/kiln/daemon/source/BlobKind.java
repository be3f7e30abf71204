package dev.kiln.daemon.source;

import dev.kiln.daemon.provenance.Capture;
import dev.kiln.daemon.provenance.Captured;
import dev.kiln.daemon.worker.RefResult;
import dev.kiln.solver.CacheMap;
import dev.kiln.solver.OpContext;
import dev.kiln.solver.Operation;
import dev.kiln.solver.Result;
import dev.kiln.solver.llb.SourceKeys;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/** Sources {@code docker-image+blob://} and {@code oci-layout+blob://}: one blob as a file. */
public final class BlobKind implements Sources.Kind {
  private final String scheme;
  private final Blobs blobs;
  private final OneFile files;

  public BlobKind(String scheme, Blobs blobs, OneFile files) {
    this.scheme = scheme;
    this.blobs = blobs;
    this.files = files;
  }

  @Override
  public Operation open(String rest, SourceOp source, Platform platform) throws IOException {
    BlobLocator locator = BlobLocator.parse(scheme, rest);
    String store = source.getAttrsOrDefault("oci.store", "");
    if (locator.inLayout() && store.isEmpty()) {
      throw new IOException("oci-layout blob source requires store id");
    }
    OneFile.Wanted read = OneFile.Wanted.read(source);
    String name = read.name().isEmpty() ? "" : FileNames.safe(read.name());
    return new Blob(
        locator,
        source.getAttrsOrDefault("oci.session", ""),
        store,
        new OneFile.Wanted(name, read.perm(), read.uid(), read.gid()));
  }

  private final class Blob implements Operation, Captured {
    private final BlobLocator locator;
    private final String session;
    private final String store;
    private final OneFile.Wanted file;

    Blob(BlobLocator locator, String session, String store, OneFile.Wanted file) {
      this.locator = locator;
      this.session = session;
      this.store = store;
      this.file = file;
    }

    @Override
    public void capture(Capture into) {
      into.add(new Capture.Blob(locator.reference(), locator.digest().text(), locator.inLayout()));
    }

    @Override
    public CacheMap cacheMap(int index, OpContext context) {
      String key =
          SourceKeys.blob(
              locator.digest().text(), file.name(), file.perm(), file.uid(), file.gid());
      return new CacheMap(SourceKeys.digest(key), List.of(), true);
    }

    @Override
    public List<Result> run(List<Result> inputs, OpContext context) throws IOException {
      try (InputStream content = blobs.open(locator, session, store, context::sessions)) {
        String name = file.name().isEmpty() ? locator.digest().hex() : file.name();
        OneFile.Made made =
            files.make("blob " + locator.reference(), file, name, Instant.EPOCH, content);
        return List.of(new RefResult(made.tree()));
      }
    }
  }
}
