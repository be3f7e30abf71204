package dev.kiln.daemon.source;

import dev.kiln.daemon.session.ForeseenFiles;
import dev.kiln.daemon.worker.TreeHashes;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.Operation;
import dev.kiln.solver.pb.Platform;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.session.SessionRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Sources {@code local://}. */
public final class LocalKind implements Sources.Kind {
  private final SessionRegistry sessions;
  private final RefStore refs;
  private final ForeseenFiles files = new ForeseenFiles(InstantSource.system());
  private final TreeHashes hashes;
  private final Path mountFolder;

  public LocalKind(SessionRegistry sessions, RefStore refs, TreeHashes hashes, Path mountFolder) {
    this.sessions = sessions;
    this.refs = refs;
    this.hashes = hashes;
    this.mountFolder = mountFolder;
  }

  @Override
  public Operation open(String rest, SourceOp source, Platform platform) throws IOException {
    LocalOptions options = LocalOptions.read(rest, source);
    return new LocalSource(options, sessions, refs, files, hashes, mountFolder);
  }
}
