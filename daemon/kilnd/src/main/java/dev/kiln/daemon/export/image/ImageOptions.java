package dev.kiln.daemon.export.image;

import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.snapshotter.layer.Compression;
import dev.kiln.snapshotter.layer.CompressionOptions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What image, oci and docker exporters have in common (exporters-and-cache.md, section 1.1).
 *
 * @param names references as given; {@code *} stands for the name that the result itself carries
 * @param level of compression, or the library's default
 * @param ociTypes null when the client left it open
 * @param ociArtifact null when the client left it open
 * @param epoch upper bound of times, null for none; present but empty means explicitly none
 * @param epochGiven whether the client said anything about an epoch
 * @param annotations by their attribute keys
 */
public record ImageOptions(
    List<String> names,
    Compression compression,
    int level,
    boolean forceCompression,
    @Nullable Boolean ociTypes,
    @Nullable Boolean ociArtifact,
    boolean inlineAttestations,
    boolean preferNonDistributable,
    @Nullable Instant epoch,
    boolean epochGiven,
    boolean rewriteTimestamps,
    Map<String, String> annotations) {

  /**
   * Reads the common attributes.
   *
   * @param inlineDefault whether attestations marked inline-only are attached by default
   */
  static ImageOptions read(Attributes attributes, boolean inlineDefault, Map<String, String> all) {
    Compression compression = compression(attributes.text("compression", "gzip"));
    Long level = attributes.number("compression-level");
    String epoch = attributes.find("source-date-epoch");
    if (attributes.find("oci-mediatypes") != null && !attributes.flag("oci-mediatypes", true)) {
      if (compression == Compression.ESTARGZ) {
        throw BuildFailure.of(
            "exporter option \"compression=estargz\" conflicts with \"oci-mediatypes=false\"",
            null);
      }
      if (attributes.flag("oci-artifact", false)) {
        throw BuildFailure.of(
            "exporter option \"oci-artifact=true\" conflicts with \"oci-mediatypes=false\"", null);
      }
    }
    return new ImageOptions(
        names(attributes.text("name", "")),
        compression,
        level == null ? CompressionOptions.DEFAULT_LEVEL : level.intValue(),
        attributes.flag("force-compression", false),
        attributes.find("oci-mediatypes") == null ? null : attributes.flag("oci-mediatypes", true),
        attributes.find("oci-artifact") == null ? null : attributes.flag("oci-artifact", true),
        attributes.flag("attestation-inline", inlineDefault),
        attributes.flag("prefer-nondist-layers", false),
        epoch(epoch),
        epoch != null,
        attributes.flag("rewrite-timestamp", false),
        Annotations.keysOf(all));
  }

  private static List<String> names(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",")).map(String::trim).filter(n -> !n.isEmpty()).toList();
  }

  private static Compression compression(String text) {
    try {
      return Compression.of(text);
    } catch (IllegalArgumentException e) {
      throw BuildFailure.of("unsupported layer compression type " + text, e);
    }
  }

  private static @Nullable Instant epoch(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return Instant.ofEpochSecond(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw BuildFailure.of("invalid SOURCE_DATE_EPOCH: " + text, e);
    }
  }

  /** The same options with OCI's media types, unless others were asked for. */
  ImageOptions ociByDefault() {
    return ociTypes != null
        ? this
        : new ImageOptions(
            names,
            compression,
            level,
            forceCompression,
            true,
            ociArtifact,
            inlineAttestations,
            preferNonDistributable,
            epoch,
            epochGiven,
            rewriteTimestamps,
            annotations);
  }

  /** The same options with an epoch that the result itself brings, unless one was given. */
  ImageOptions withResultEpoch(@Nullable String text) {
    if (epochGiven || text == null) {
      return this;
    }
    return new ImageOptions(
        names,
        compression,
        level,
        forceCompression,
        ociTypes,
        ociArtifact,
        inlineAttestations,
        preferNonDistributable,
        epoch(text),
        true,
        rewriteTimestamps,
        annotations);
  }

  /** How layers are wanted. */
  CompressionOptions layers() {
    return new CompressionOptions(
        compression, level, forceCompression, rewriteTimestamps ? epoch : null);
  }
}
