package dev.kiln.daemon.export.files;

import dev.kiln.daemon.export.Exporter;
import dev.kiln.daemon.export.image.Statements;
import dev.kiln.wire.session.RemoteOutputs;
import dev.kiln.wire.session.Session;
import dev.kiln.wire.session.SessionRegistry;
import dev.kiln.wire.transfer.FileSource;
import dev.kiln.wire.transfer.TreeSender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Sends a result's files into a folder of the client (type {@code local}). */
final class LocalExporter implements Exporter {
  private final FileOptions options;
  private final SessionRegistry sessions;
  private final Statements statements;
  private final Path mountFolder;

  LocalExporter(
      FileOptions options, SessionRegistry sessions, Statements statements, Path mountFolder) {
    this.options = options;
    this.sessions = sessions;
    this.statements = statements;
    this.mountFolder = mountFolder;
  }

  @Override
  public String name() {
    return "exporting to client directory";
  }

  @Override
  public String type() {
    return "local";
  }

  @Override
  public Exported export(Work work) throws Exception {
    boolean split =
        options.platformSplit() == null ? work.result().isMap() : options.platformSplit();
    Session session = sessions.get(work.build().sessionId());
    try (ResultFiles files = new ResultFiles(statements, mountFolder)) {
      List<ResultFiles.Tree> trees = files.open(work.result(), options, split);
      FileSource all = ResultFiles.joined(trees, split, options);
      send(work, session, all);
    }
    return new Exported(Map.of(), null, null);
  }

  private void send(Work work, Session session, FileSource files) throws IOException {
    CopyStatus status = new CopyStatus(work.progress());
    try (var stream =
        new RemoteOutputs(session)
            .directory(work.index(), work.result().isMap() || options.mirror())) {
      TreeSender.send(files, stream, status::transferred);
      stream.closeSend();
      while (stream.receive() != null) {
        // The client ends the stream once it has written everything.
      }
    } finally {
      status.end();
    }
  }
}
