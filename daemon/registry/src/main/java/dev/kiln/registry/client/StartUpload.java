package dev.kiln.registry.client;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Opens an upload, or has the registry take the blob over from another repository.
 *
 * @param mountFrom the path of that repository on the same registry, or empty
 */
record StartUpload(ImageReference repository, Digest digest, String mountFrom)
    implements RegistryCall<Optional<URI>> {
  @Override
  public String method() {
    return "POST";
  }

  @Override
  public Target target() {
    Map<String, String> query = new LinkedHashMap<>();
    if (!mountFrom.isEmpty()) {
      query.put("mount", digest.toString());
      query.put("from", mountFrom);
    }
    return new Target.InRepository(repository.path(), "blobs/uploads/", query);
  }

  @Override
  public String purpose() {
    return mountFrom.isEmpty()
        ? "upload blob " + digest + " to " + repository.name()
        : "mount blob " + digest + " from " + mountFrom + " into " + repository.name();
  }

  @Override
  public String subject() {
    return repository.name();
  }

  @Override
  public boolean accepts(int status) {
    return status == 202 || status == 201;
  }

  /** Where to send the blob; empty if the registry has it now. */
  @Override
  public Optional<URI> read(Answer answer) throws IOException {
    if (answer.status() == 201) {
      return Optional.empty();
    }
    String location = answer.header("Location");
    if (location.isEmpty()) {
      throw new IOException("the registry did not say where to upload");
    }
    try {
      return Optional.of(answer.uri().resolve(location));
    } catch (IllegalArgumentException e) {
      throw new IOException("the registry wants the upload at \"" + location + "\"", e);
    }
  }
}
