package dev.kiln.registry.transfer;

import dev.kiln.registry.client.Repository;
import dev.kiln.registry.client.TransferProgress;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.ref.BlobProvider;
import java.io.IOException;
import java.util.function.Function;

/** Brings lazy layers from one repository. Thread-safe. */
public final class RegistryBlobProvider implements BlobProvider {
  private final Repository repository;
  private final Function<Descriptor, TransferProgress> progress;

  /** A provider that tells nobody. */
  public RegistryBlobProvider(Repository repository) {
    this(repository, blob -> TransferProgress.NONE);
  }

  /**
   * A provider whose transfers are watched.
   *
   * @param progress gives the listener of one blob's transfer; called when the transfer begins
   */
  public RegistryBlobProvider(
      Repository repository, Function<Descriptor, TransferProgress> progress) {
    this.repository = repository;
    this.progress = progress;
  }

  /** Where the blobs come from. */
  public Repository repository() {
    return repository;
  }

  @Override
  public void fetch(Descriptor blob, ContentStore.Writer target) throws IOException {
    repository.copyBlob(blob, target, progress.apply(blob));
  }
}
