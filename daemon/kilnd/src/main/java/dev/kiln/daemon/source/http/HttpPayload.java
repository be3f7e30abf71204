package dev.kiln.daemon.source.http;

import dev.kiln.daemon.worker.MountedRef;
import dev.kiln.snapshotter.ref.ImmutableRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The bytes of a downloaded file, for what is said about them beside their digest. Stateless. */
final class HttpPayload {
  private static final int CHUNK_BYTES = 64 << 10;

  private HttpPayload() {}

  /** Something to do with the bytes. */
  private interface Reader<T> {
    T read(Path file) throws IOException;
  }

  private static <T> T read(
      HttpFiles files, HttpOptions options, HttpContent content, HttpFiles.Asker asker, Reader<T> r)
      throws Exception {
    try (ImmutableRef tree = files.tree(options, content, asker);
        MountedRef mounted = new MountedRef(tree, files.mountFolder())) {
      return r.read(Path.of(mounted.path()).resolve(content.filename()));
    }
  }

  private static InputStream open(Path file) throws IOException {
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** Makes sure that the file is what was signed. */
  static void check(
      HttpFiles files,
      HttpOptions options,
      HttpContent content,
      HttpFiles.Asker asker,
      HttpSignature signature)
      throws Exception {
    Boolean _ =
        read(
            files,
            options,
            content,
            asker,
            file -> {
              signature.check(() -> open(file));
              return true;
            });
  }

  /**
   * The digest of the file's bytes with more bytes behind them.
   *
   * @param algorithm a name of Java's: {@code SHA-256} and so on
   * @return with the usual prefix: {@code sha256:<hex>}
   */
  static String digest(
      HttpFiles files,
      HttpOptions options,
      HttpContent content,
      HttpFiles.Asker asker,
      String algorithm,
      byte[] suffix)
      throws Exception {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("unsupported checksum algorithm " + algorithm, e);
    }
    byte[] bytes =
        read(
            files,
            options,
            content,
            asker,
            file -> {
              try (InputStream in = open(file)) {
                byte[] chunk = new byte[CHUNK_BYTES];
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                  digest.update(chunk, 0, count);
                }
                return digest.digest(suffix);
              }
            });
    String prefix = algorithm.replace("-", "").toLowerCase(java.util.Locale.ROOT);
    return prefix + ":" + HexFormat.of().formatHex(bytes);
  }
}
