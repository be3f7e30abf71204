package dev.kiln.dockerfile.context;

import dev.kiln.dockerfile.bridge.FrontendBridge;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.SolveRequest;
import dev.kiln.dockerfile.bridge.SourceMeta;
import dev.kiln.dockerfile.llb.Constraints;
import dev.kiln.dockerfile.llb.Marshaller;
import dev.kiln.dockerfile.llb.Platform;
import dev.kiln.dockerfile.llb.Sources;
import dev.kiln.solver.pb.SourceOp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times of remote sources. */
public final class SourceTimes {

  private static final Pattern COMMITTER =
      Pattern.compile("^committer .*> (\\d+) ([+-]\\d{4})$", Pattern.MULTILINE);

  private SourceTimes() {}

  /**
   * The time of a source: when a commit was made, when a file was changed last, or the newest entry
   * of an archive that has no other time. Empty if none is known.
   */
  public static Optional<OffsetDateTime> of(
      FrontendBridge bridge, SourceOp source, SourceMeta meta) {
    if (meta.git() != null && !meta.git().commitObject().isEmpty()) {
      return commitTime(meta.git().commitObject().toStringUtf8());
    }
    if (meta.http() != null && meta.http().lastModified() != null) {
      return Optional.of(meta.http().lastModified().atOffset(ZoneOffset.UTC));
    }
    String filename = source.getAttrsOrDefault("http.filename", "");
    boolean download = source.getIdentifier().startsWith("http");
    return download && !filename.isEmpty()
        ? newestEntry(bridge, source, filename)
        : Optional.empty();
  }

  private static Optional<OffsetDateTime> commitTime(String commit) {
    int headEnd = commit.indexOf("\n\n");
    Matcher committer = COMMITTER.matcher(headEnd < 0 ? commit : commit.substring(0, headEnd));
    return committer.find()
        ? Optional.of(
            Instant.ofEpochSecond(Long.parseLong(committer.group(1)))
                .atOffset(ZoneOffset.of(committer.group(2))))
        : Optional.empty();
  }

  private static Optional<OffsetDateTime> newestEntry(
      FrontendBridge bridge, SourceOp source, String filename) {
    FrontendRef ref =
        bridge
            .solve(
                SolveRequest.of(
                    Marshaller.marshal(Sources.of(source, Constraints.NONE), Platform.local())))
            .singleRef();
    return TarTimes.newest(bridge.readFile(ref, filename, null))
        .map(time -> time.atOffset(ZoneOffset.UTC));
  }
}
