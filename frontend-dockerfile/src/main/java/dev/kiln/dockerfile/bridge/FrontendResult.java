package dev.kiln.dockerfile.bridge;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a frontend hands back.
 *
 * @param ref the single result, or null if there are several or none
 * @param refs results by platform id, in the order of the request; empty for a single result
 * @param metadata such as {@code containerimage.config}
 * @param attestations by platform id, also for a single result
 */
public record FrontendResult(
    @Nullable FrontendRef ref,
    Map<String, FrontendRef> refs,
    Map<String, ByteString> metadata,
    Map<String, List<Attestation>> attestations) {

  public FrontendResult {
    refs = Collections.unmodifiableMap(new LinkedHashMap<>(refs));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    attestations = Collections.unmodifiableMap(new LinkedHashMap<>(attestations));
  }

  /** A single result. */
  public static FrontendResult single(FrontendRef ref, Map<String, ByteString> metadata) {
    return new FrontendResult(ref, Map.of(), metadata, Map.of());
  }

  /** Results by platform id. */
  public static FrontendResult perPlatform(
      Map<String, FrontendRef> refs, Map<String, ByteString> metadata) {
    return new FrontendResult(null, refs, metadata, Map.of());
  }

  /** Metadata only, the answer to a subrequest. */
  public static FrontendResult answer(Map<String, ByteString> metadata) {
    return new FrontendResult(null, Map.of(), metadata, Map.of());
  }

  /** The same result with attestations. */
  public FrontendResult attested(Map<String, List<Attestation>> added) {
    return new FrontendResult(ref, refs, metadata, added);
  }

  /**
   * The single result; the empty file system if there is none.
   *
   * @throws IllegalStateException if there are several
   */
  public FrontendRef singleRef() {
    if (!refs.isEmpty()) {
      throw new IllegalStateException("failed to get single ref for map result");
    }
    return ref == null ? FrontendRef.EMPTY : ref;
  }

  /** How an attestation is stored: one statement in a file, or a directory of statements. */
  public enum Kind {
    IN_TOTO,
    BUNDLE
  }

  /**
   * An attestation about a result.
   *
   * @param path file or directory in the ref
   * @param predicateType of an {@link Kind#IN_TOTO} attestation, else empty
   */
  public record Attestation(
      Kind kind,
      FrontendRef ref,
      String path,
      String predicateType,
      Map<String, ByteString> metadata) {}
}
