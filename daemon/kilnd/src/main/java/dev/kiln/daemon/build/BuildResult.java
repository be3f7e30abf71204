package dev.kiln.daemon.build;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a build or a frontend hands on: one ref or several, and what is said about them.
 *
 * @param ref the single result; null for the empty file system or when there are several
 * @param refs results by platform id, in the order of the request; an entry is null for the empty
 *     file system
 * @param isMap whether the result is a map of refs, even if it is empty
 * @param metadata as gateway.md lists it: {@code containerimage.config}, {@code refs.platforms}, …
 * @param attestations by key of the result, empty text for the single one
 */
public record BuildResult(
    @Nullable BuildRef ref,
    Map<String, @Nullable BuildRef> refs,
    boolean isMap,
    Map<String, ByteString> metadata,
    Map<String, List<Attestation>> attestations) {

  public BuildResult {
    refs = Collections.unmodifiableMap(new LinkedHashMap<>(refs));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    attestations = Collections.unmodifiableMap(new LinkedHashMap<>(attestations));
  }

  /** Nothing at all: what an empty solve gives. */
  public static final BuildResult EMPTY =
      new BuildResult(null, Map.of(), false, Map.of(), Map.of());

  /** A single result. */
  public static BuildResult single(@Nullable BuildRef ref) {
    return new BuildResult(ref, Map.of(), false, Map.of(), Map.of());
  }

  /** How an attestation is stored. */
  public enum AttestationKind {
    /** One predicate in a file. */
    IN_TOTO,
    /** A directory of statements. */
    BUNDLE
  }

  /** Makes a predicate when it is exported. Safe for use by many threads. */
  @FunctionalInterface
  public interface Content {
    /** The predicate as JSON. */
    ByteString get() throws Exception;
  }

  /**
   * A statement about a result.
   *
   * @param ref where the predicate is; null when {@code content} has it
   * @param path file or directory in the ref
   * @param content makes the predicate itself, when it is not in a ref
   * @param subjects what it speaks of; empty means the result itself
   */
  public record Attestation(
      AttestationKind kind,
      @Nullable BuildRef ref,
      String path,
      @Nullable Content content,
      String predicateType,
      List<Subject> subjects,
      Map<String, ByteString> metadata) {
    public Attestation {
      subjects = List.copyOf(subjects);
      metadata = Map.copyOf(metadata);
    }
  }

  /**
   * A subject of a statement.
   *
   * @param self whether it is the result itself; the others have digests
   */
  public record Subject(boolean self, String name, List<String> digests) {}

  /** The refs that are there, each once, including those that attestations stand in. */
  public List<BuildRef> allRefs() {
    List<BuildRef> all = new ArrayList<>();
    if (ref != null) {
      all.add(ref);
    }
    for (BuildRef each : refs.values()) {
      if (each != null) {
        all.add(each);
      }
    }
    for (List<Attestation> list : attestations.values()) {
      for (Attestation attestation : list) {
        if (attestation.ref() != null) {
          all.add(attestation.ref());
        }
      }
    }
    return all.stream().distinct().toList();
  }

  /** The same result with more metadata; a key that is there already keeps its value. */
  public BuildResult withMetadata(Map<String, ByteString> more) {
    Map<String, ByteString> joined = new LinkedHashMap<>(more);
    joined.putAll(metadata);
    return new BuildResult(ref, refs, isMap, joined, attestations);
  }

  /** The same result with other attestations. */
  public BuildResult withAttestations(Map<String, List<Attestation>> replacing) {
    return new BuildResult(ref, refs, isMap, metadata, replacing);
  }
}
