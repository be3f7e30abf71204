package dev.kiln.wire.session;

import dev.kiln.wire.filesync.FileSyncGrpc;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.stream.ClientStream;
import dev.kiln.wire.stream.MessageStream;
import io.grpc.Metadata;
import java.util.List;

/** A client's local directories. Thread-safe. */
public final class RemoteFiles {
  private final Session session;

  /** Asks this session. */
  public RemoteFiles(Session session) {
    this.session = session;
  }

  /**
   * Which files of which directory.
   *
   * @param name of the directory, as after {@code local://}
   * @param include patterns of paths to send; empty means all
   * @param exclude patterns of paths not to send
   * @param follow paths whose symlinks are followed, with all that they lead through
   */
  public record Request(
      String name, List<String> include, List<String> exclude, List<String> follow) {
    public Request {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
      follow = List.copyOf(follow);
    }
  }

  /**
   * Opens a transfer in which this side receives.
   *
   * @throws NoSessionException if the client offers no directories
   */
  public MessageStream<Packet, Packet> diffCopy(Request request) {
    if (!session.supports(FileSyncGrpc.getDiffCopyMethod())) {
      throw NoSessionException.notOffered("no local sources enabled");
    }
    Metadata headers = new Metadata();
    SessionHeaders.putText(headers, SessionHeaders.DIR_NAME, List.of(request.name()));
    SessionHeaders.putText(headers, SessionHeaders.INCLUDE_PATTERNS, request.include());
    SessionHeaders.putText(headers, SessionHeaders.EXCLUDE_PATTERNS, request.exclude());
    SessionHeaders.putText(headers, SessionHeaders.FOLLOW_PATHS, request.follow());
    return ClientStream.open(session.channel(), FileSyncGrpc.getDiffCopyMethod(), headers);
  }
}
