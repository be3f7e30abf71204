package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.linux.FileStatus;
import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.linux.XattrCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The tree of one vector: on disk, or as a transfer would bring it. */
final class SampleTree {
  private final JsonNode entries;

  SampleTree(JsonNode entries) {
    this.entries = entries;
  }

  /** Makes the entries below an existing directory; needs root. */
  void write(Path root) throws IOException {
    for (JsonNode entry : entries) {
      String path = root + entry.get("path").asString();
      if (entry.has("hardlink_to")) {
        NodeCalls.makeLink(root + entry.get("hardlink_to").asString(), path);
        continue;
      }
      int mode = mode(entry);
      switch (entry.get("type").asString()) {
        case "dir" -> Files.createDirectories(Path.of(path));
        case "file" -> Files.write(Path.of(path), content(entry));
        case "symlink" -> NodeCalls.makeSymlink(entry.get("linkname").asString(), path);
        default ->
            NodeCalls.makeNode(path, mode, number(entry, "devmajor"), number(entry, "devminor"));
      }
      NodeCalls.setOwner(path, number(entry, "uid"), number(entry, "gid"));
      if ((mode & FileStatus.TYPE_MASK) != FileStatus.SYMLINK) {
        NodeCalls.setPermissions(path, mode & 07777);
      }
      for (var xattr : xattrs(entry).entrySet()) {
        XattrCalls.set(path, xattr.getKey(), xattr.getValue());
      }
    }
  }

  /** Tells the entries to a receiver of changes; hard links come before their data, as they may. */
  void transfer(ContentChanges changes) {
    for (JsonNode entry : entries) {
      String path = entry.get("path").asString();
      if (path.equals("/")) {
        continue;
      }
      if (entry.has("hardlink_to")) {
        changes.link(path, entry.get("hardlink_to").asString());
        continue;
      }
      byte[] content = content(entry);
      EntryHeader header =
          new EntryHeader(
              mode(entry),
              number(entry, "uid"),
              number(entry, "gid"),
              content.length,
              entry.path("linkname").asString(""),
              number(entry, "devmajor"),
              number(entry, "devminor"),
              xattrs(entry));
      var hash = header.start();
      hash.update(content);
      changes.put(path, header, Hashes.digest(hash.digest()));
    }
  }

  private static int mode(JsonNode entry) {
    int type =
        switch (entry.get("type").asString()) {
          case "dir" -> FileStatus.DIRECTORY;
          case "file" -> FileStatus.REGULAR;
          case "symlink" -> FileStatus.SYMLINK;
          case "char" -> FileStatus.CHARACTER_DEVICE;
          case "block" -> FileStatus.BLOCK_DEVICE;
          case "fifo" -> FileStatus.FIFO;
          case "socket" -> FileStatus.SOCKET;
          default -> throw new IllegalArgumentException(entry.toString());
        };
    return type | Integer.parseInt(entry.get("mode").asString(), 8);
  }

  private static int number(JsonNode entry, String field) {
    return entry.path(field).asInt(0);
  }

  private static byte[] content(JsonNode entry) {
    if (entry.has("content_base64")) {
      return Base64.getDecoder().decode(entry.get("content_base64").asString());
    }
    return entry.path("content").asString("").getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> xattrs(JsonNode entry) {
    Map<String, byte[]> xattrs = new HashMap<>();
    for (var field : entry.path("xattrs").properties()) {
      xattrs.put(field.getKey(), field.getValue().asString().getBytes(StandardCharsets.ISO_8859_1));
    }
    return xattrs;
  }
}
