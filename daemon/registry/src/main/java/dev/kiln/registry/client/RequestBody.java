package dev.kiln.registry.client;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/**
 * What a call sends.
 *
 * @param length in bytes
 */
record RequestBody(long length, BlobSource source, TransferProgress progress) {
  static final RequestBody NONE = of(new byte[0]);

  static RequestBody of(byte[] bytes) {
    return new RequestBody(
        bytes.length, () -> new ByteArrayInputStream(bytes), TransferProgress.NONE);
  }

  BodyPublisher publisher() {
    return length == 0
        ? BodyPublishers.noBody()
        : BodyPublishers.fromPublisher(new StreamPublisher(source, progress), length);
  }
}
