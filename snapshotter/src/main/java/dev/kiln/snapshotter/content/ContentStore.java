package dev.kiln.snapshotter.content;

import dev.kiln.snapshotter.linux.Fd;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Blobs on disk: {@code <root>/blobs/<algorithm>/<hex>}, written aside in {@code <root>/ingest},
 * synced and renamed. A blob that is listed is complete and was verified when it came in.
 * Thread-safe.
 */
public final class ContentStore {
  private static final int HASH_BUFFER_BYTES = 128 << 10;

  private final Path blobs;
  private final Path ingest;
  private final AtomicLong nextIngest = new AtomicLong();
  private final DoubtfulBlobs doubtful = new DoubtfulBlobs(this::holds, this::drop);

  /**
   * What is known of a blob.
   *
   * @param size in bytes
   */
  public record BlobStatus(Digest digest, long size, Instant modified) {}

  private ContentStore(Path root) {
    this.blobs = root.resolve("blobs");
    this.ingest = root.resolve("ingest");
  }

  /** Opens a store that was left in order. */
  public static ContentStore open(Path root) throws IOException {
    return open(root, true);
  }

  /**
   * Opens the store under a folder, making it if need be, and drops unfinished writes.
   *
   * @param trusted whether it was left in order; if not, each blob that is there is hashed before
   *     it is used, and removed if it is damaged
   */
  public static ContentStore open(Path root, boolean trusted) throws IOException {
    ContentStore store = new ContentStore(root);
    Files.createDirectories(store.blobs.resolve("sha256"));
    Files.createDirectories(store.ingest);
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(store.ingest)) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    }
    if (!trusted) {
      store.doubtful.add(store.list().stream().map(BlobStatus::digest).toList());
    }
    return store;
  }

  /** Where a blob is or would be. */
  public Path path(Digest digest) {
    return blobs.resolve(digest.algorithm()).resolve(digest.hex());
  }

  public boolean contains(Digest digest) {
    doubtful.settle(digest);
    return Files.exists(path(digest));
  }

  /** Size and time of a blob, or empty when it is not here. */
  public Optional<BlobStatus> find(Digest digest) throws IOException {
    doubtful.settle(digest);
    return status(digest);
  }

  private Optional<BlobStatus> status(Digest digest) throws IOException {
    try {
      var attributes = Files.readAttributes(path(digest), BasicFileAttributes.class);
      return Optional.of(
          new BlobStatus(digest, attributes.size(), attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Opens a blob for reading at any position.
   *
   * @throws BlobNotFoundException when it is not here
   */
  public FileChannel openChannel(Digest digest) throws IOException {
    doubtful.settle(digest);
    try {
      return FileChannel.open(path(digest), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new BlobNotFoundException(digest);
    }
  }

  /** Opens a blob as a stream; not buffered. */
  public InputStream openStream(Digest digest) throws IOException {
    doubtful.settle(digest);
    try {
      return Files.newInputStream(path(digest));
    } catch (NoSuchFileException e) {
      throw new BlobNotFoundException(digest);
    }
  }

  /** All bytes of a small blob (a manifest, a config); at most {@code maxBytes}. */
  public byte[] read(Digest digest, int maxBytes) throws IOException {
    try (InputStream in = openStream(digest)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new IOException(
            "could not read " + digest + ": it is larger than " + maxBytes + " bytes");
      }
      return bytes;
    }
  }

  /** Stores bytes and returns their sha256 digest. */
  public Digest put(byte[] bytes) throws IOException {
    try (Writer writer = newWriter("sha256")) {
      writer.write(bytes, 0, bytes.length);
      return writer.commit(null, -1);
    }
  }

  /** Starts a blob whose digest is not known yet. */
  public Writer newWriter() throws IOException {
    return newWriter("sha256");
  }

  /** Starts a blob that will be hashed with the given algorithm. */
  public Writer newWriter(String algorithm) throws IOException {
    Path temporary = ingest.resolve("w" + nextIngest.getAndIncrement());
    return new BlobWriter(this, algorithm, temporary);
  }

  /** Removes a blob; returns whether it was there. */
  public boolean delete(Digest digest) throws IOException {
    return Files.deleteIfExists(path(digest));
  }

  /**
   * Hashes every blob that is still in doubt, one after the other. Returns early when interrupted.
   *
   * @return whether none is in doubt any more
   */
  public boolean settleAll() {
    return doubtful.settleAll();
  }

  /** Whether blobs are still in doubt. */
  public boolean isInDoubt() {
    return !doubtful.isEmpty();
  }

  private boolean holds(Digest digest) throws IOException {
    MessageDigest hash = Digest.newHash(digest.algorithm());
    byte[] buffer = new byte[HASH_BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(path(digest))) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
    return Digest.finish(digest.algorithm(), hash).equals(digest);
  }

  private void drop(Digest digest) throws IOException {
    Files.deleteIfExists(path(digest));
  }

  /** Every blob, in no certain order; those in doubt are not looked at. */
  public List<BlobStatus> list() throws IOException {
    List<BlobStatus> found = new ArrayList<>();
    try (DirectoryStream<Path> algorithms = Files.newDirectoryStream(blobs)) {
      for (Path algorithm : algorithms) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(algorithm)) {
          for (Path file : files) {
            String text = algorithm.getFileName() + ":" + file.getFileName();
            if (Digest.isValid(text)) {
              status(new Digest(text)).ifPresent(found::add);
            }
          }
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return found;
  }

  /** Renames a synced file to its blob; the blob may exist already. */
  void adopt(Path temporary, Digest digest) throws IOException {
    Path target = path(digest);
    doubtful.settle(digest);
    if (Files.exists(target)) {
      // Same bytes, so the older file serves; its time tells collectors that it was asked for.
      Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
      return;
    }
    Path folder = java.util.Objects.requireNonNull(target.getParent());
    Files.createDirectories(folder);
    Files.move(temporary, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    try (Fd directory = Fd.directory(folder.toString())) {
      directory.sync();
    }
  }

  /**
   * A blob on its way in. Bytes are hashed as they come. Closing without {@link #commit} drops it.
   * Not thread-safe.
   */
  public interface Writer extends AutoCloseable {
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** The number of bytes so far. */
    long size();

    /**
     * Verifies, syncs and publishes the blob; one that exists already is no error.
     *
     * @param expected the digest that it must have (hashed by that digest's algorithm), or null
     * @param expectedSize the size in bytes that it must have, or -1
     * @return the digest
     * @throws BlobMismatchException when size or digest differ; the bytes are dropped
     */
    Digest commit(@Nullable Digest expected, long expectedSize) throws IOException;

    /** Drops what was written and starts again, for a transfer that is tried again. */
    void restart() throws IOException;

    /** This writer as a stream; closing the stream does not close the writer. */
    java.io.OutputStream asStream();

    @Override
    void close() throws IOException;
  }
}
