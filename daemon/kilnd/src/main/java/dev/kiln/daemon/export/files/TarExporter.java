package dev.kiln.daemon.export.files;

import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.export.image.Statements;
import dev.kiln.wire.session.RemoteOutputs;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import dev.kiln.wire.transfer.FileSource;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Sends a result's files as one tar (type {@code tar}). */
final class TarExporter implements Exporter {
  private final FileOptions options;
  private final SessionRegistry sessions;
  private final Statements statements;
  private final Path mountFolder;

  TarExporter(
      FileOptions options, SessionRegistry sessions, Statements statements, Path mountFolder) {
    this.options = options;
    this.sessions = sessions;
    this.statements = statements;
    this.mountFolder = mountFolder;
  }

  @Override
  public String name() {
    return "exporting to client tarball";
  }

  @Override
  public String type() {
    return "tar";
  }

  @Override
  public Exported export(Work work) throws Exception {
    boolean split = work.result().isMap() && !Boolean.FALSE.equals(options.platformSplit());
    Session session = sessions.get(work.build().sessionId());
    try (ResultFiles files = new ResultFiles(statements, mountFolder)) {
      List<ResultFiles.Tree> trees = files.open(work.result(), options, split);
      FileSource all = ResultFiles.joined(trees, split, options);
      work.progress()
          .oneOff(
              "sending tarball",
              () -> {
                try (OutputStream out = new RemoteOutputs(session).file(work.index(), Map.of())) {
                  TarFiles.write(all, out);
                }
                return "";
              });
    }
    return new Exported(Map.of(), null, null);
  }
}
