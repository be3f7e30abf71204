package dev.kiln.daemon.source.git;

import java.io.IOException;

/**
 * A commit as git stores it.
 *
 * @param commitChecksum hash of the commit behind a tag; empty when there is no tag
 * @param commit the commit object
 * @param tag the tag object; empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // read-only hand-over; never compared
record GitObjects(String commitChecksum, byte[] commit, byte[] tag) {

  static GitObjects read(Git git, GitCommit from) throws IOException, InterruptedException {
    String hash = from.checksum();
    String type = git.text("cat-file", "-t", hash);
    return switch (type) {
      case "commit" -> new GitObjects("", git.run("cat-file", "commit", hash), new byte[0]);
      case "tag" -> {
        String commit =
            from.commitChecksum().isEmpty()
                ? git.text("rev-parse", hash + "^{commit}")
                : from.commitChecksum();
        yield new GitObjects(
            commit, git.run("cat-file", "commit", commit), git.run("cat-file", "tag", hash));
      }
      default -> throw new IOException("expected commit or tag object, got " + type);
    };
  }
}
