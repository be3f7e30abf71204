package dev.kiln.registry.client;

import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.util.Map;

/**
 * Asks whether a repository has a blob, and how large it is; the size is 0 if the server does not
 * tell.
 */
record HeadBlob(ImageReference repository, Digest digest) implements RegistryCall<Descriptor> {
  @Override
  public String method() {
    return "HEAD";
  }

  @Override
  public Target target() {
    return new Target.InRepository(repository.path(), "blobs/" + digest, Map.of());
  }

  @Override
  public String purpose() {
    return "look for blob " + digest + " in " + repository.name();
  }

  @Override
  public String subject() {
    return repository.name() + "@" + digest;
  }

  @Override
  public boolean accepts(int status) {
    return status == 200;
  }

  @Override
  public Descriptor read(Answer answer) {
    return new Descriptor(MediaTypes.OCTET_STREAM, digest, Math.max(answer.length(), 0));
  }
}
