package dev.kiln.daemon.source;

import dev.kiln.daemon.image.Images;
import dev.kiln.registry.client.Repository;
import dev.kiln.registry.client.TransferProgress;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.wire.session.ContentStoreClient;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Supplier;

/** Reads single blobs where locators say that they are. Safe for use by many threads. */
public final class Blobs {
  private final Images images;
  private final SessionRegistry sessions;

  public Blobs(Images images, SessionRegistry sessions) {
    this.images = images;
    this.sessions = sessions;
  }

  /**
   * Opens a blob. Its bytes are verified when the end is read.
   *
   * @param session id of the session that has the layout; empty for any of the build's
   * @param store name of the layout; empty for the locator's name
   * @param ids of the build's sessions
   */
  public InputStream open(
      BlobLocator locator, String session, String store, Supplier<List<String>> ids)
      throws IOException {
    if (!locator.inLayout()) {
      ImageReference reference = Images.parse(locator.reference());
      Repository repository = images.open(reference, ids);
      Descriptor blob =
          repository
              .findBlob(locator.digest())
              .orElseThrow(() -> new IOException(locator.reference() + ": not found"));
      return repository.blob(blob, TransferProgress.NONE);
    }
    List<String> asked = session.isEmpty() ? ids.get() : List.of(session);
    String name = "oci:" + (store.isEmpty() ? locator.name() : store);
    Session owner = sessions.group(asked).any((Session each) -> each);
    return new VerifiedInput(
        ContentStoreClient.of(owner, name).read(locator.digest(), 0, 0), locator.digest());
  }
}
