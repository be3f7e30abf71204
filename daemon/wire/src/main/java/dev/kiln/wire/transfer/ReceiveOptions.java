package dev.kiln.wire.transfer;

import dev.kiln.snapshotter.fileop.Owner;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a tree is received.
 *
 * @param existing what becomes of the files that are in the directory already
 * @param owner of all that is made; null takes the sender's
 * @param metadataOnly in a transfer of metadata, the paths whose files are wanted nevertheless;
 *     null for an ordinary transfer
 * @param listener hears of changes, or null; content is hashed only for a listener
 * @param progress hears how much has come
 */
public record ReceiveOptions(
    Existing existing,
    @Nullable Owner owner,
    @Nullable Predicate<String> metadataOnly,
    @Nullable ReceiveListener listener,
    TransferProgress progress) {

  /** What becomes of the files that are in the directory already. */
  public enum Existing {
    /** What the sender's metadata equal is kept unread; what is not sent is removed. */
    COMPARED,
    /** Every file is asked for; what is not sent is removed. */
    REPLACED,
    /** Every file is asked for; what is not sent stays. */
    MERGED
  }

  /** A build context: kept up to date with a former copy. */
  public static final ReceiveOptions CONTEXT =
      new ReceiveOptions(Existing.COMPARED, null, null, null, TransferProgress.NONE);

  public ReceiveOptions withExisting(Existing value) {
    return new ReceiveOptions(value, owner, metadataOnly, listener, progress);
  }

  public ReceiveOptions withOwner(Owner value) {
    return new ReceiveOptions(existing, value, metadataOnly, listener, progress);
  }

  public ReceiveOptions withMetadataOnly(Predicate<String> wanted) {
    return new ReceiveOptions(existing, owner, wanted, listener, progress);
  }

  public ReceiveOptions withListener(ReceiveListener value) {
    return new ReceiveOptions(existing, owner, metadataOnly, value, progress);
  }

  public ReceiveOptions withProgress(TransferProgress value) {
    return new ReceiveOptions(existing, owner, metadataOnly, listener, value);
  }
}
