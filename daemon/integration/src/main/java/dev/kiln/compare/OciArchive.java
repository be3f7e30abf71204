package dev.kiln.compare;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the tar that {@code --output type=oci} writes, wholly in memory. */
final class OciArchive {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String XATTR = "SCHILY.xattr.";

  private final Map<String, byte[]> files;

  private OciArchive(Map<String, byte[]> files) {
    this.files = files;
  }

  /** The images of an archive; attestations are left out. */
  static List<Image> read(Path tar) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(tar));
        TarArchiveInputStream in = new TarArchiveInputStream(file)) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        files.put(e.getName(), in.readAllBytes());
      }
    }
    OciArchive archive = new OciArchive(files);
    List<Image> images = new ArrayList<>();
    archive.collect(archive.json("index.json"), images);
    return images;
  }

  private void collect(JsonNode index, List<Image> images) throws IOException {
    for (JsonNode descriptor : index.path("manifests")) {
      JsonNode document = blobJson(descriptor);
      if (document.has("manifests")) {
        collect(document, images);
      } else if (!descriptor.path("annotations").has("vnd.docker.reference.type")) {
        images.add(image(document));
      }
    }
  }

  private Image image(JsonNode manifest) throws IOException {
    List<List<TreeEntry>> layers = new ArrayList<>();
    for (JsonNode layer : manifest.path("layers")) {
      layers.add(layer(layer));
    }
    return new Image(blobJson(manifest.path("config")), layers);
  }

  private List<TreeEntry> layer(JsonNode descriptor) throws IOException {
    InputStream bytes = new ByteArrayInputStream(blob(descriptor));
    boolean gzip = descriptor.path("mediaType").asString("").endsWith("gzip");
    List<TreeEntry> entries = new ArrayList<>();
    try (InputStream plain = gzip ? new GZIPInputStream(bytes) : bytes;
        TarArchiveInputStream in = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.add(entry(e, in));
      }
    }
    return entries;
  }

  private static TreeEntry entry(TarArchiveEntry e, InputStream content) throws IOException {
    Map<String, String> xattrs = new TreeMap<>();
    e.getExtraPaxHeaders()
        .forEach(
            (key, value) -> {
              if (key.startsWith(XATTR)) {
                xattrs.put(key.substring(XATTR.length()), value);
              }
            });
    String kind = kind(e);
    Instant time = e.getLastModifiedTime().toInstant();
    return new TreeEntry(
        e.getName().replaceFirst("^\\./", "").replaceFirst("/$", ""),
        kind,
        e.getMode() & 07777,
        e.getLongUserId(),
        e.getLongGroupId(),
        e.getSize(),
        kind.equals("file") ? digest(content) : "",
        e.getLinkName(),
        kind.endsWith("device") ? e.getDevMajor() + ":" + e.getDevMinor() : "",
        xattrs,
        time);
  }

  private static String kind(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      return "folder";
    } else if (entry.isSymbolicLink()) {
      return "link";
    } else if (entry.isLink()) {
      return "hard link";
    } else if (entry.isCharacterDevice()) {
      return "character device";
    } else if (entry.isBlockDevice()) {
      return "block device";
    }
    return entry.isFIFO() ? "pipe" : "file";
  }

  private static String digest(InputStream content) throws IOException {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(content, sha256).readAllBytes();
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private JsonNode blobJson(JsonNode descriptor) throws IOException {
    return JSON.readTree(blob(descriptor));
  }

  private byte[] blob(JsonNode descriptor) throws IOException {
    String digest = descriptor.path("digest").asString("");
    return bytes("blobs/" + digest.replace(':', '/'));
  }

  private JsonNode json(String name) throws IOException {
    return JSON.readTree(bytes(name));
  }

  private byte[] bytes(String name) throws IOException {
    byte[] found = files.get(name);
    if (found == null) {
      throw new IOException("could not read the exported image: it has no " + name);
    }
    return found;
  }
}
