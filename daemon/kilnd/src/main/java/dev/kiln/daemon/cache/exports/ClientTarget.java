package dev.kiln.daemon.cache.exports;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.RemoteBlobWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** A cache in a folder of the client, reached through the content store of its session. */
final class ClientTarget implements CacheTarget {
  private static final int COPY_BYTES = 1 << 20;

  private final ContentStoreClient store;

  ClientTarget(ContentStoreClient store) {
    this.store = store;
  }

  @Override
  public void blob(Descriptor blob, Source source) throws IOException {
    if (store.info(blob.digest()).isPresent()) {
      return;
    }
    try (InputStream in = source.open();
        RemoteBlobWriter out = store.write("cache-" + blob.digest(), blob.digest(), blob.size())) {
      if (out.isPresent()) {
        return;
      }
      in.skipNBytes(out.offset());
      byte[] buffer = new byte[COPY_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
      out.commit(Map.of());
    }
  }

  @Override
  public void manifest(Descriptor manifest, byte[] bytes) throws IOException {
    blob(manifest, () -> new ByteArrayInputStream(bytes));
  }
}
