package dev.kiln.daemon.export.files;

import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.export.image.ManifestJson;
import dev.kiln.daemon.export.image.Statements;
import dev.kiln.snapshotter.content.Digest;
import dev.kiln.wire.fsutil.Stat;
import dev.kiln.wire.transfer.FileSource;
import dev.kiln.wire.transfer.MemorySource;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Attestations as files beside a result's own, with those files as their subjects. Stateless. */
final class AttestationFiles {
  private static final int TYPE_BITS = 0x8F280000;
  private static final int FILE_MODE = 0600;

  private AttestationFiles() {}

  /**
   * The files.
   *
   * @param platform put into the names when several platforms share one folder, else empty
   */
  static MemorySource of(
      Statements statements,
      List<Attestation> attested,
      FileSource files,
      FileOptions options,
      String platform)
      throws Exception {
    MemorySource out = new MemorySource();
    Instant time = options.epoch() == null ? Instant.now() : options.epoch();
    for (Statements.Statement statement : statements.of(attested, subjects(files))) {
      Stat stat =
          Stat.newBuilder()
              .setPath(options.attestationPrefix() + name(statement.path(), platform))
              .setMode(FILE_MODE)
              .setModTime(time.getEpochSecond() * 1_000_000_000L + time.getNano())
              .build();
      out.add(stat, ManifestJson.indented(statement.json()));
    }
    return out;
  }

  private static String name(String path, String platform) {
    String base = path.substring(path.lastIndexOf('/') + 1);
    if (platform.isEmpty()) {
      return base;
    }
    int dot = base.indexOf('.');
    String stem = dot < 0 ? base : base.substring(0, dot);
    return stem + "." + platform.replace('/', '_') + (dot < 0 ? "" : base.substring(dot));
  }

  private static ArrayNode subjects(FileSource files) throws IOException {
    List<Stat> regular = new ArrayList<>();
    files.walk(
        entry -> {
          if ((entry.getMode() & TYPE_BITS) == 0) {
            regular.add(entry);
          }
        });
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    byte[] buffer = new byte[1 << 16];
    for (Stat entry : regular) {
      MessageDigest hash = Digest.newHash("sha256");
      String path = entry.getLinkname().isEmpty() ? entry.getPath() : entry.getLinkname();
      try (FileSource.Content content = files.open(path)) {
        for (int count = content.read(buffer); count > 0; count = content.read(buffer)) {
          hash.update(buffer, 0, count);
        }
      }
      out.add(Statements.subject(entry.getPath(), Digest.finish("sha256", hash)));
    }
    return out;
  }
}
