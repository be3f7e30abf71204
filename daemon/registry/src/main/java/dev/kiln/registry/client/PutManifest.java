package dev.kiln.registry.client;

import dev.kiln.registry.reference.ImageReference;
import java.util.Map;

/**
 * Stores a manifest or an index.
 *
 * @param object the tag or the digest under which it is stored
 */
record PutManifest(ImageReference reference, String object, String mediaType, RequestBody body)
    implements RegistryCall<Boolean> {
  @Override
  public String method() {
    return "PUT";
  }

  @Override
  public Target target() {
    return new Target.InRepository(reference.path(), "manifests/" + object, Map.of());
  }

  @Override
  public String purpose() {
    return "push the manifest of " + reference;
  }

  @Override
  public String subject() {
    return reference.toString();
  }

  @Override
  public Map<String, String> headers() {
    return Map.of("Content-Type", mediaType);
  }

  @Override
  public boolean accepts(int status) {
    return status == 201 || status == 202 || status == 200;
  }

  @Override
  public Boolean read(Answer answer) {
    return true;
  }
}
