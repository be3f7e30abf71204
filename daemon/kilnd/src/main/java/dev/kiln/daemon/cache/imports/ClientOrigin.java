package dev.kiln.daemon.cache.imports;

import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.snapshotter.ref.BlobProvider;
import dev.kiln.wire.content.Info;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A cache in a folder of a client, which serves it for as long as its session is open. */
final class ClientOrigin implements CacheOrigin {
  private static final int COPY_BYTES = 1 << 20;

  private final SessionRegistry registry;
  private final String storeId;
  private final Digest digest;
  private final Supplier<List<String>> sessions;

  /**
   * @param storeId the client's name for the folder
   * @param digest of the manifest
   */
  ClientOrigin(
      SessionRegistry registry, String storeId, Digest digest, Supplier<List<String>> sessions) {
    this.registry = registry;
    this.storeId = storeId;
    this.digest = digest;
    this.sessions = sessions;
  }

  /** Something to do with the store of one client. */
  private interface Use<T> {
    T with(ContentStoreClient store) throws IOException;
  }

  /** Tries the clients of all sessions that are open, since only some may have the folder. */
  private <T> T any(Supplier<List<String>> ids, Use<T> use) throws IOException {
    IOException failure = new IOException("could not use " + storeId + ": no client is there");
    for (String id : ids.get()) {
      Session session = registry.find(id);
      if (session != null) {
        try {
          return use.with(ContentStoreClient.of(session, storeId));
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    throw failure;
  }

  @Override
  public Descriptor root() throws IOException {
    Optional<Info> info = any(sessions, store -> store.info(digest));
    if (info.isEmpty()) {
      throw new IOException("content " + digest + ": not found");
    }
    return new Descriptor("", digest, info.get().getSize());
  }

  @Override
  public byte[] read(Descriptor document) throws IOException {
    CacheOrigin.checkSize(document);
    byte[] bytes = any(sessions, store -> store.readAll(document.digest(), MAX_DOCUMENT_BYTES));
    if (!Digest.of(bytes).equals(document.digest())) {
      throw new IOException(
          "could not read " + document.digest() + " from " + storeId + ": its content is another");
    }
    return bytes;
  }

  @Override
  public Descriptor located(Descriptor layer) {
    return layer;
  }

  @Override
  public BlobProvider provider(Supplier<List<String>> ids) {
    return new BlobProvider() {
      @Override
      public void fetch(Descriptor blob, ContentStore.Writer target) throws IOException {
        any(
            ids,
            store -> {
              target.restart();
              copy(store, blob, target);
              return blob;
            });
      }

      @Override
      public boolean isAvailable() {
        return ids.get().stream().anyMatch(id -> registry.find(id) != null);
      }
    };
  }

  private static void copy(ContentStoreClient store, Descriptor blob, ContentStore.Writer target)
      throws IOException {
    try (InputStream in = store.read(blob.digest(), 0, 0)) {
      byte[] buffer = new byte[COPY_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        target.write(buffer, 0, count);
      }
    }
  }

  @Override
  public boolean has(Descriptor layer, Supplier<List<String>> ids) {
    try {
      return any(ids, store -> store.info(layer.digest())).isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
