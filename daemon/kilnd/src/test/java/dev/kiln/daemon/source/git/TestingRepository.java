package dev.kiln.daemon.source.git;

import dev.kiln.daemon.source.Blobs;
import dev.kiln.daemon.source.ResolvedSources;
import dev.kiln.daemon.source.TestingRefs;
import dev.kiln.wire.session.SessionRegistry;

/** The git source over refs in a folder, without any client. */
final class TestingRepository {
  private TestingRepository() {}

  static GitRepository over(TestingRefs refs) {
    SessionRegistry sessions = new SessionRegistry();
    return new GitRepository(
        refs.store(), sessions, new ResolvedSources(), new Blobs(null, sessions), refs.mounts());
  }
}
