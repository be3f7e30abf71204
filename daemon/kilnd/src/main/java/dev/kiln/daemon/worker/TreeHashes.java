package dev.kiln.daemon.worker;

import dev.kiln.snapshotter.checksum.ContentHash;
import dev.kiln.snapshotter.checksum.ContentHashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content digests of trees by the id of their ref: those read lately in memory, those learnt from
 * transfers on disk as well, since they cannot be learnt again from the tree itself (cache-keys.md,
 * section 6.3). Safe for use by many threads.
 */
public final class TreeHashes {
  private static final Logger LOG = LoggerFactory.getLogger(TreeHashes.class);

  private final ContentHashes recent;
  private final Path folder;
  private final Set<String> learnt = new HashSet<>();
  private final Map<String, String> faces = new HashMap<>();

  private TreeHashes(ContentHashes recent, Path folder) {
    this.recent = recent;
    this.folder = folder;
  }

  /**
   * Opens the folder of kept digests.
   *
   * @param capacity trees to remember in memory
   * @param exists says whether a ref is still there; the digests of others are removed
   */
  public static TreeHashes open(Path folder, int capacity, Predicate<String> exists)
      throws IOException {
    Files.createDirectories(folder);
    TreeHashes hashes = new TreeHashes(new ContentHashes(capacity), folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String id = file.getFileName().toString();
        if (exists.test(id)) {
          hashes.learnt.add(id);
        } else {
          Files.deleteIfExists(file);
        }
      }
    }
    return hashes;
  }

  /** The digests of a tree; of an unknown one they are read when asked for. */
  public ContentHash of(String refId) {
    return find(refId).orElseGet(() -> recent.of(refId));
  }

  /** The digests of a tree that were learnt from a transfer. */
  public Optional<ContentHash> find(String refId) {
    synchronized (this) {
      if (!learnt.contains(refId)) {
        return Optional.empty();
      }
    }
    ContentHash known = recent.find(refId);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      ContentHash read = ContentHash.fromBytes(unsealed(Files.readAllBytes(folder.resolve(refId))));
      recent.put(refId, read);
      return Optional.of(read);
    } catch (IOException e) {
      LOG.warn("the digests of {} are lost, its files will be sent again", refId, e);
      forget(refId);
      return Optional.empty();
    }
  }

  /**
   * The digests of a tree that is about to be changed. They are gone from here then, from the disk
   * too, and are to be kept anew when the change is over: a change that breaks off, in whatever
   * way, leaves no digests of a former state.
   */
  public Optional<ContentHash> take(String refId) {
    Optional<ContentHash> hash = find(refId);
    if (hash.isPresent()) {
      forget(refId);
    }
    return hash;
  }

  /**
   * Keeps digests of a tree that will be written again: for the next transfer into it, and for
   * those who read its present face.
   *
   * @param refId of the tree for writing
   * @param faceId of the tree for reading; the former one is forgotten
   */
  public void keep(String refId, String faceId, ContentHash hash) throws IOException {
    keep(refId, hash);
    keep(faceId, hash);
    String former;
    synchronized (this) {
      former = faces.put(refId, faceId);
    }
    if (former != null && !former.equals(faceId)) {
      forget(former);
    }
  }

  /** Keeps digests that were learnt from a transfer. */
  public void keep(String refId, ContentHash hash) throws IOException {
    Path aside = Files.createTempFile(folder, ".", "");
    Files.write(aside, sealed(hash.toBytes()));
    Files.move(aside, folder.resolve(refId), StandardCopyOption.ATOMIC_MOVE);
    recent.put(refId, hash);
    synchronized (this) {
      learnt.add(refId);
    }
  }

  /** Forgets the trees that are gone. */
  public void forgetUnless(Predicate<String> exists) {
    Set<String> gone;
    synchronized (this) {
      gone = new HashSet<>(learnt);
    }
    gone.removeIf(exists);
    gone.forEach(this::forget);
  }

  /** Bytes and their CRC-32C, since damaged digests would make wrong cache keys. */
  private static byte[] sealed(byte[] bytes) {
    return ByteBuffer.allocate(bytes.length + Integer.BYTES)
        .put(bytes)
        .putInt(checksum(bytes))
        .array();
  }

  private static byte[] unsealed(byte[] sealed) throws IOException {
    int length = sealed.length - Integer.BYTES;
    byte[] bytes = Arrays.copyOf(sealed, Math.max(0, length));
    if (length < 0 || ByteBuffer.wrap(sealed).getInt(length) != checksum(bytes)) {
      throw new IOException("the file is damaged");
    }
    return bytes;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Forgets a tree that changed or is gone. */
  public void forget(String refId) {
    synchronized (this) {
      learnt.remove(refId);
    }
    recent.forget(refId);
    try {
      Files.deleteIfExists(folder.resolve(refId));
    } catch (IOException e) {
      LOG.warn("could not remove the digests of {}", refId, e);
    }
  }
}
