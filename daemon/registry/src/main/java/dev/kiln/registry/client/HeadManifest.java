package dev.kiln.registry.client;

import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for a manifest's digest, type and size. The answer is empty if the server does not tell all
 * of them.
 */
record HeadManifest(ImageReference reference) implements RegistryCall<Optional<Descriptor>> {
  @Override
  public String method() {
    return "HEAD";
  }

  @Override
  public Target target() {
    return new Target.InRepository(reference.path(), "manifests/" + reference.object(), Map.of());
  }

  @Override
  public String purpose() {
    return "resolve " + reference;
  }

  @Override
  public String subject() {
    return reference.toString();
  }

  @Override
  public List<String> accept() {
    return MediaTypes.ACCEPTED_MANIFESTS;
  }

  @Override
  public boolean outlastsRefusedConnections() {
    return false;
  }

  @Override
  public boolean accepts(int status) {
    return status == 200;
  }

  @Override
  public Optional<Descriptor> read(Answer answer) {
    String told = answer.header("Docker-Content-Digest");
    Optional<Digest> digest =
        reference
            .digest()
            .or(() -> Digest.isValid(told) ? Optional.of(new Digest(told)) : Optional.empty());
    boolean complete = digest.isPresent() && answer.length() >= 0 && !answer.mediaType().isEmpty();
    return complete
        ? Optional.of(new Descriptor(answer.mediaType(), digest.get(), answer.length()))
        : Optional.empty();
  }
}
