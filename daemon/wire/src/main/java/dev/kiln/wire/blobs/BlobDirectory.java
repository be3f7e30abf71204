package dev.kiln.wire.blobs;

import dev.kiln.snapshotter.content.BlobNotFoundException;
import dev.kiln.snapshotter.content.ContentStore;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Blobs in an OCI layout or a local cache directory: {@code <root>/blobs/<algorithm>/<hex>}.
 * Reading changes nothing; the first write makes folders. Thread-safe.
 */
public final class BlobDirectory implements BlobStore {
  private final Path root;
  private @Nullable ContentStore store;

  /** The blobs under this folder, which need not exist yet. */
  public BlobDirectory(Path root) {
    this.root = root;
  }

  @Override
  public Optional<Blob> find(Digest digest) throws IOException {
    try {
      var attributes = Files.readAttributes(path(digest), BasicFileAttributes.class);
      return Optional.of(
          new Blob(digest, attributes.size(), attributes.lastModifiedTime().toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Blob> list() throws IOException {
    List<Blob> found = new ArrayList<>();
    Path blobs = root.resolve("blobs");
    if (!Files.isDirectory(blobs)) {
      return found;
    }
    try (DirectoryStream<Path> algorithms = Files.newDirectoryStream(blobs)) {
      for (Path algorithm : algorithms) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(algorithm)) {
          for (Path file : files) {
            String text = algorithm.getFileName() + ":" + file.getFileName();
            if (Digest.isValid(text)) {
              find(new Digest(text)).ifPresent(found::add);
            }
          }
        }
      }
    }
    return found;
  }

  @Override
  public FileChannel open(Digest digest) throws IOException {
    try {
      return FileChannel.open(path(digest), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new BlobNotFoundException(digest);
    }
  }

  @Override
  public ContentStore.Writer write(Digest expected) throws IOException {
    return writable().newWriter(expected.algorithm());
  }

  private synchronized ContentStore writable() throws IOException {
    if (store == null) {
      store = ContentStore.open(root);
    }
    return store;
  }

  private Path path(Digest digest) {
    return root.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }
}
