package dev.kiln.registry.client;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Opens a blob from a certain byte on.
 *
 * @param offset of the first byte that the answer shall have; a server that cannot do that sends
 *     all, and the bytes before are skipped
 */
record GetBlob(ImageReference repository, Digest digest, long offset)
    implements RegistryCall<InputStream> {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public Target target() {
    return new Target.InRepository(repository.path(), "blobs/" + digest, Map.of());
  }

  @Override
  public String purpose() {
    return "fetch blob " + digest + " of " + repository.name();
  }

  @Override
  public String subject() {
    return repository.name() + "@" + digest;
  }

  @Override
  public Map<String, String> headers() {
    return offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
  }

  @Override
  public boolean accepts(int status) {
    return status == 200 || (status == 206 && offset > 0);
  }

  @Override
  public InputStream read(Answer answer) throws IOException {
    InputStream body = answer.body();
    if (answer.status() == 200 && offset > 0) {
      skip(body);
    } else if (answer.status() == 206
        && !answer.header("Content-Range").startsWith("bytes " + offset + "-")) {
      body.close();
      throw new IOException(
          "the registry sent " + answer.header("Content-Range") + " instead of " + offset + "-");
    }
    return body;
  }

  private void skip(InputStream body) throws IOException {
    try {
      body.skipNBytes(offset);
    } catch (IOException e) {
      body.close();
      throw e;
    }
  }

  @Override
  public boolean keepsBody() {
    return true;
  }
}
