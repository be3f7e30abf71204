package dev.kiln.daemon.frontend;

import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.dockerfile.bridge.FrontendRef;
import dev.kiln.dockerfile.bridge.FrontendResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates between the frontend's values and the daemon's. */
final class BridgeValues {
  private BridgeValues() {}

  static BuildResult result(FrontendResult from) {
    Map<String, @Nullable BuildRef> refs = new LinkedHashMap<>();
    from.refs().forEach((key, ref) -> refs.put(key, ref(ref)));
    Map<String, List<BuildResult.Attestation>> attestations = new LinkedHashMap<>();
    from.attestations()
        .forEach(
            (key, list) ->
                attestations.put(key, list.stream().map(BridgeValues::attestation).toList()));
    return new BuildResult(
        from.ref() == null ? null : ref(from.ref()),
        refs,
        !refs.isEmpty(),
        from.metadata(),
        attestations);
  }

  static BuildResult.Attestation attestation(FrontendResult.Attestation from) {
    return new BuildResult.Attestation(
        from.kind() == FrontendResult.Kind.BUNDLE
            ? BuildResult.AttestationKind.BUNDLE
            : BuildResult.AttestationKind.IN_TOTO,
        ref(from.ref()),
        from.path(),
        null,
        from.predicateType(),
        List.of(),
        from.metadata());
  }

  static FrontendResult result(BuildResult from) {
    Map<String, FrontendRef> refs = new LinkedHashMap<>();
    from.refs().forEach((key, ref) -> refs.put(key, ref == null ? FrontendRef.EMPTY : ref));
    Map<String, List<FrontendResult.Attestation>> attestations = new LinkedHashMap<>();
    from.attestations()
        .forEach(
            (key, list) -> {
              List<FrontendResult.Attestation> out = new ArrayList<>();
              for (BuildResult.Attestation each : list) {
                out.add(
                    new FrontendResult.Attestation(
                        each.kind() == BuildResult.AttestationKind.BUNDLE
                            ? FrontendResult.Kind.BUNDLE
                            : FrontendResult.Kind.IN_TOTO,
                        each.ref() == null ? FrontendRef.EMPTY : each.ref(),
                        each.path(),
                        each.predicateType(),
                        each.metadata()));
              }
              attestations.put(key, out);
            });
    return new FrontendResult(from.ref(), refs, from.metadata(), attestations);
  }

  /** The daemon's ref behind a frontend's, null for the empty file system. */
  static @Nullable BuildRef ref(FrontendRef ref) {
    return ref instanceof BuildRef build ? build : null;
  }
}
