package dev.kiln.wire.attach;

import dev.kiln.wire.filesync.FileSyncGrpc;
import dev.kiln.wire.fsutil.Packet;
import dev.kiln.wire.session.RemoteFiles;
import dev.kiln.wire.session.SessionHeaders;
import dev.kiln.wire.stream.MessageStream;
import dev.kiln.wire.stream.ServerStream;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.IOException;
import java.util.Map;

/** Offers local directories by name. Immutable. */
public final class AttachedFiles {
  private final Map<String, Source> directories;

  private AttachedFiles(Map<String, Source> directories) {
    this.directories = Map.copyOf(directories);
  }

  /** Sends the files of one directory. */
  @FunctionalInterface
  public interface Source {
    /** Sends what the request asks for, and returns when the other side has it all. */
    void send(RemoteFiles.Request request, MessageStream<Packet, Packet> stream) throws IOException;
  }

  /** The service that offers these directories. */
  public static ServerServiceDefinition service(Map<String, Source> directories) {
    AttachedFiles files = new AttachedFiles(directories);
    return ServerServiceDefinition.builder(FileSyncGrpc.getServiceDescriptor())
        .addMethod(FileSyncGrpc.getDiffCopyMethod(), ServerStream.handler(files::diffCopy))
        .addMethod(FileSyncGrpc.getTarStreamMethod(), ServerStream.handler(files::tarStream))
        .build();
  }

  private void diffCopy(Metadata headers, MessageStream<Packet, Packet> stream) throws IOException {
    var names = SessionHeaders.getText(headers, SessionHeaders.DIR_NAME);
    String name = names.isEmpty() ? "" : names.getFirst();
    Source source = directories.get(name);
    if (source == null) {
      throw Status.NOT_FOUND
          .withDescription("no access allowed to dir \"" + name + "\"")
          .asRuntimeException();
    }
    source.send(
        new RemoteFiles.Request(
            name,
            SessionHeaders.getText(headers, SessionHeaders.INCLUDE_PATTERNS),
            SessionHeaders.getText(headers, SessionHeaders.EXCLUDE_PATTERNS),
            SessionHeaders.getText(headers, SessionHeaders.FOLLOW_PATHS)),
        stream);
  }

  private void tarStream(Metadata headers, MessageStream<Packet, Packet> stream) {
    throw Status.UNIMPLEMENTED
        .withDescription("files are sent by DiffCopy only")
        .asRuntimeException();
  }
}
