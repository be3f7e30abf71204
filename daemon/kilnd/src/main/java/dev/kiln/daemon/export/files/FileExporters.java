package dev.kiln.daemon.export.files;

import dev.kiln.daemon.export.Exporters;
import dev.kiln.daemon.export.image.Statements;
import dev.kiln.wire.session.SessionRegistry;
import java.nio.file.Path;
import java.util.Map;

/** The exporters that give plain files. */
public final class FileExporters {
  private FileExporters() {}

  /**
   * The makers by type.
   *
   * @param mountFolder where trees are mounted while they are sent
   */
  public static Map<String, Exporters.Maker> of(SessionRegistry sessions, Path mountFolder) {
    Statements statements = new Statements(mountFolder);
    return Map.of(
        "local",
        attributes ->
            new LocalExporter(
                FileOptions.read(attributes, true), sessions, statements, mountFolder),
        "tar",
        attributes ->
            new TarExporter(
                FileOptions.read(attributes, false), sessions, statements, mountFolder));
  }
}
