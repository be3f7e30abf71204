package dev.kiln.registry.client;

import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks which manifests name a certain one as their subject. Empty if the registry does not know of
 * referrers.
 */
record ListReferrers(ImageReference repository, Digest manifest, String artifactType)
    implements RegistryCall<Optional<ImageIndex>> {
  @Override
  public String method() {
    return "GET";
  }

  @Override
  public Target target() {
    Map<String, String> query =
        artifactType.isEmpty() ? Map.of() : Map.of("artifactType", artifactType);
    return new Target.InRepository(repository.path(), "referrers/" + manifest, query);
  }

  @Override
  public String purpose() {
    return "list the referrers of " + repository.name() + "@" + manifest;
  }

  @Override
  public String subject() {
    return repository.name() + "@" + manifest;
  }

  @Override
  public List<String> accept() {
    return List.of(MediaTypes.OCI_INDEX);
  }

  @Override
  public boolean accepts(int status) {
    return status == 200 || status == 404;
  }

  @Override
  public Optional<ImageIndex> read(Answer answer) throws IOException {
    return answer.status() == 404
        ? Optional.empty()
        : Optional.of(ImageIndex.parse(answer.bytes(GetManifest.MAX_BYTES)));
  }
}
