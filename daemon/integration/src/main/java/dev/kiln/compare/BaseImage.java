package dev.kiln.compare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The image {@code busybox} of the cases: an OCI layout with one layer, handed to both daemons as a
 * named context, so that no registry is needed and both build on the same bytes.
 */
final class BaseImage {
  private static final FileTime TIME = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

  /** What the cases use; each is a link to busybox. */
  private static final List<String> PROGRAMS =
      List.of(
          "ash",
          "cat",
          "chmod",
          "chown",
          "cp",
          "cut",
          "date",
          "dd",
          "df",
          "du",
          "echo",
          "env",
          "expr",
          "false",
          "find",
          "grep",
          "head",
          "hostname",
          "id",
          "ln",
          "ls",
          "md5sum",
          "mkdir",
          "mkfifo",
          "mknod",
          "mount",
          "mv",
          "printenv",
          "printf",
          "ps",
          "pwd",
          "readlink",
          "rm",
          "rmdir",
          "sed",
          "seq",
          "sh",
          "sha256sum",
          "sleep",
          "sort",
          "stat",
          "tail",
          "tar",
          "tee",
          "test",
          "touch",
          "tr",
          "true",
          "uname",
          "uniq",
          "wc",
          "which",
          "whoami",
          "xargs");

  private static final String USERS =
      """
      root:x:0:0:root:/root:/bin/sh
      worker:x:1200:1300:worker:/home/worker:/bin/sh
      guest:x:1201:1301:guest:/home/guest:/bin/sh
      """;

  private static final String GROUPS =
      """
      root:x:0:
      worker:x:1300:
      guest:x:1301:
      staff:x:1400:worker
      """;

  private final Path layout;

  private BaseImage(Path layout) {
    this.layout = layout;
  }

  /**
   * Writes the image.
   *
   * @param busybox a statically linked busybox
   * @param layout new folder
   * @return the manifest's digest
   */
  static String write(Path busybox, Path layout) throws IOException {
    BaseImage image = new BaseImage(layout);
    Files.createDirectories(layout.resolve("blobs/sha256"));
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    byte[] layer = layer(busybox);
    String layerDigest = image.blob(layer);
    byte[] config =
        text(
            """
      {"architecture":"amd64","os":"linux","created":"2001-02-03T04:05:06Z",
       "config":{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["sh"]},
       "rootfs":{"type":"layers","diff_ids":["%s"]},
       "history":[{"created":"2001-02-03T04:05:06Z","created_by":"busybox"}]}
      """
                .formatted(layerDigest));
    byte[] manifest =
        text(
            """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",
       "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
       "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s","size":%d}]}
      """
                .formatted(image.blob(config), config.length, layerDigest, layer.length));
    String digest = image.blob(manifest);
    Files.writeString(
        layout.resolve("index.json"),
        """
      {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json",
       "digest":"%s","size":%d,"platform":{"architecture":"amd64","os":"linux"}}]}
      """
            .formatted(digest, manifest.length));
    return digest;
  }

  private String blob(byte[] bytes) throws IOException {
    try {
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      String hex = HexFormat.of().formatHex(sum);
      Files.write(layout.resolve("blobs/sha256").resolve(hex), bytes);
      return "sha256:" + hex;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] layer(Path busybox) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String folder : List.of("bin/", "etc/", "home/", "home/worker/", "root/", "tmp/")) {
        put(tar, new TarArchiveEntry(folder), folder.equals("tmp/") ? 01777 : 0755, new byte[0]);
      }
      put(tar, new TarArchiveEntry("bin/busybox"), 0755, Files.readAllBytes(busybox));
      for (String program : PROGRAMS) {
        TarArchiveEntry link = new TarArchiveEntry("bin/" + program, TarConstants.LF_SYMLINK);
        link.setLinkName("busybox");
        put(tar, link, 0777, new byte[0]);
      }
      put(tar, new TarArchiveEntry("etc/passwd"), 0644, text(USERS));
      put(tar, new TarArchiveEntry("etc/group"), 0644, text(GROUPS));
    }
    return bytes.toByteArray();
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, byte[] bytes)
      throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setLastModifiedTime(TIME);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
