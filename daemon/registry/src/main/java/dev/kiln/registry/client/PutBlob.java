package dev.kiln.registry.client;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Sends a whole blob to an upload that was opened.
 *
 * @param location what {@link StartUpload} gave
 */
record PutBlob(ImageReference repository, Digest digest, URI location, RequestBody body)
    implements RegistryCall<Boolean> {
  @Override
  public String method() {
    return "PUT";
  }

  @Override
  public Target target() {
    String joiner = location.getRawQuery() == null ? "?" : "&";
    String parameter = "digest=" + URLEncoder.encode(digest.toString(), StandardCharsets.UTF_8);
    return new Target.Given(URI.create(location + joiner + parameter));
  }

  @Override
  public String purpose() {
    return "upload blob " + digest + " to " + repository.name();
  }

  @Override
  public String subject() {
    return repository.name();
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Content-Type", "application/octet-stream");
  }

  /** An upload that broke off is not there any more; only a new one helps. */
  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public boolean accepts(int status) {
    return status == 201 || status == 204 || status == 200;
  }

  @Override
  public Boolean read(Answer answer) {
    return true;
  }
}
