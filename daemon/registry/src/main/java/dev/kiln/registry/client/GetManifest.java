package dev.kiln.registry.client;

import dev.kiln.registry.image.InvalidImageException;
import dev.kiln.registry.image.ManifestSniffer;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.reference.ImageReference;
import dev.kiln.snapshotter.content.BlobMismatchException;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Reads a manifest or an index and checks its digest if the reference names one. */
record GetManifest(ImageReference reference) implements RegistryCall<FetchedManifest> {
  /** OCI distribution-spec asks registries for at least 4 MiB. */
  static final int MAX_BYTES = 8 << 20;

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public Target target() {
    return new Target.InRepository(reference.path(), "manifests/" + reference.object(), Map.of());
  }

  @Override
  public String purpose() {
    return "fetch the manifest of " + reference;
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
  public FetchedManifest read(Answer answer) throws IOException {
    byte[] bytes = answer.bytes(MAX_BYTES);
    Digest digest =
        reference.digest().isPresent()
            ? checked(reference.digest().get(), bytes)
            : Digest.of(bytes);
    return new FetchedManifest(
        new Descriptor(mediaType(answer, bytes), digest, bytes.length), bytes);
  }

  /** A server that does not know says "octet-stream" or nothing; then the bytes tell. */
  private static String mediaType(Answer answer, byte[] bytes) throws InvalidImageException {
    String told = answer.mediaType();
    boolean known =
        MediaTypes.isManifest(told) || MediaTypes.isIndex(told) || MediaTypes.isSchema1(told);
    return known ? told : ManifestSniffer.mediaTypeOf(bytes);
  }

  static Digest checked(Digest expected, byte[] bytes) throws BlobMismatchException {
    var hash = Digest.newHash(expected.algorithm());
    hash.update(bytes);
    Digest actual = Digest.finish(expected.algorithm(), hash);
    if (!actual.equals(expected)) {
      throw new BlobMismatchException(
          "unexpected digest of content: got " + actual + ", expected " + expected);
    }
    return expected;
  }
}
