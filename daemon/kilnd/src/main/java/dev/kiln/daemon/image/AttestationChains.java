package dev.kiln.daemon.image;

import com.google.protobuf.ByteString;
import dev.kiln.registry.image.ImageIndex;
import dev.kiln.registry.image.ImageManifest;
import dev.kiln.registry.image.ManifestEntry;
import dev.kiln.registry.image.MediaTypes;
import dev.kiln.registry.transfer.ManifestStore;
import dev.kiln.registry.transfer.PulledImage;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.wire.gateway.AttestationChain;
import dev.kiln.wire.gateway.Blob;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an image's index says about one of its images, and who signed that, so that a client's
 * policy can judge it (gateway.md, ResolveSourceMeta). Stateless.
 */
final class AttestationChains {
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  private static final String SIGNATURE = "application/vnd.dev.cosign.artifact.sig.v1+json";
  private static final String PREDICATE_TYPE = "in-toto.io/predicate-type";

  private AttestationChains() {}

  /**
   * The documents from the index down to the signature.
   *
   * @param predicates types of the statements to add
   * @return null for an image without an OCI index, about which nothing can be said
   */
  static @Nullable AttestationChain of(
      ManifestStore documents, PulledImage image, Set<String> predicates) throws IOException {
    Descriptor root = image.root();
    if (!root.mediaType().equals(MediaTypes.OCI_INDEX)) {
      return null;
    }
    byte[] index = documents.manifest(root);
    AttestationChain.Builder out =
        AttestationChain.newBuilder()
            .setRoot(root.digest().text())
            .setImageManifest(image.manifestDescriptor().digest().text());
    add(out, root, index);
    Optional<Descriptor> attestation =
        ImageIndex.parse(index).manifests().stream()
            .filter(entry -> entry.attests(image.manifestDescriptor().digest().text()))
            .map(ManifestEntry::descriptor)
            .findFirst();
    if (attestation.isPresent()) {
      addAttestation(documents, attestation.get(), predicates, out);
      addSignature(documents, attestation.get(), out);
    }
    return out.build();
  }

  private static void addAttestation(
      ManifestStore documents,
      Descriptor attestation,
      Set<String> predicates,
      AttestationChain.Builder out)
      throws IOException {
    byte[] manifest = documents.manifest(attestation);
    out.setAttestationManifest(attestation.digest().text());
    add(out, attestation, manifest);
    for (Descriptor statement : ImageManifest.parse(manifest).layers()) {
      String type = statement.annotation(PREDICATE_TYPE);
      if (type != null && predicates.contains(type)) {
        add(out, statement, documents.document(statement));
      }
    }
  }

  private static void addSignature(
      ManifestStore documents, Descriptor attestation, AttestationChain.Builder out)
      throws IOException {
    List<ManifestEntry> referrers = documents.referrers(attestation.digest());
    Optional<Descriptor> signature =
        referrers.stream()
            .filter(e -> e.artifactType().equals(BUNDLE) || e.artifactType().equals(SIGNATURE))
            .min(Comparator.comparingInt(e -> e.artifactType().equals(BUNDLE) ? 0 : 1))
            .map(ManifestEntry::descriptor);
    if (signature.isEmpty()) {
      return;
    }
    byte[] manifest = documents.manifest(signature.get());
    out.addSignatureManifests(signature.get().digest().text());
    add(out, signature.get(), manifest);
    for (Descriptor layer : ImageManifest.parse(manifest).layers()) {
      add(out, layer, documents.document(layer));
    }
  }

  private static void add(AttestationChain.Builder out, Descriptor descriptor, byte[] data) {
    out.putBlobs(
        descriptor.digest().text(),
        Blob.newBuilder()
            .setBlobDescriptor(
                dev.kiln.wire.gateway.Descriptor.newBuilder()
                    .setMediaType(descriptor.mediaType())
                    .setDigest(descriptor.digest().text())
                    .setSize(descriptor.size())
                    .putAllAnnotations(descriptor.annotations()))
            .setData(ByteString.copyFrom(data))
            .build());
  }
}
