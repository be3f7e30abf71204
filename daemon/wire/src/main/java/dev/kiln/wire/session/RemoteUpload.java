package dev.kiln.wire.session;

import dev.kiln.wire.stream.BytesMarshaller;
import dev.kiln.wire.stream.ChunkInputStream;
import dev.kiln.wire.stream.ClientStream;
import dev.kiln.wire.upload.UploadGrpc;
import io.grpc.Metadata;
import java.io.InputStream;

/** Bodies that a client offers once each, such as a context read from its standard input. */
public final class RemoteUpload {
  private final Session session;

  /** Asks this session. */
  public RemoteUpload(Session session) {
    this.session = session;
  }

  /**
   * Opens a body. Reading fails with an IOException when the client fails; closing early cancels.
   *
   * @param path the URL's path with its slash, {@code /<id>}
   * @param host the URL's host, {@code buildkit-session}
   */
  public InputStream pull(String path, String host) {
    Metadata headers = new Metadata();
    SessionHeaders.put(headers, SessionHeaders.URL_PATH, path);
    SessionHeaders.put(headers, SessionHeaders.URL_HOST, host);
    var method = BytesMarshaller.raw(UploadGrpc.getPullMethod());
    return new ChunkInputStream(ClientStream.open(session.channel(), method, headers));
  }
}
