package dev.kiln.daemon.provenance;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.build.BuildResult.AttestationKind;
import dev.kiln.daemon.control.PostProcessor;
import dev.kiln.daemon.control.SolveService;
import dev.kiln.daemon.failure.BuildFailure;
import dev.kiln.daemon.frontend.SbomPass;
import dev.kiln.daemon.worker.Worker;
import dev.kiln.dockerfile.context.BuildOptions;
import dev.kiln.wire.control.SolveRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds to results the attestations that their requests ask for, and makes those of build records.
 * Safe for use by many threads.
 */
public final class Attestations implements SolveService.PostProcessors {
  private final ProvenanceWriter writer;
  private final SbomPass sboms;

  private Attestations(ProvenanceWriter writer, SbomPass sboms) {
    this.writer = writer;
    this.sboms = sboms;
  }

  /**
   * Makes attestations for the results of one daemon.
   *
   * @param ownerFacts folder of JSON files whose content is added to all provenance
   * @throws IOException when one of these cannot be read
   */
  public static Attestations open(Worker worker, Path mountFolder, Path ownerFacts)
      throws IOException {
    return new Attestations(
        new ProvenanceWriter(worker.refs(), OwnerFacts.read(ownerFacts)),
        new SbomPass(worker, mountFolder));
  }

  @Override
  public PostProcessor of(SolveRequest request) {
    Map<String, Map<String, String>> wanted =
        AttestationRequests.read(request.getFrontendAttrsMap());
    Map<String, String> sbom = wanted.get(AttestationRequests.SBOM);
    Map<String, String> provenance = wanted.get(AttestationRequests.PROVENANCE);
    PostProcessor scan = sbom == null ? (bridge, result) -> result : scan(SbomPass.options(sbom));
    if (provenance == null) {
      return scan;
    }
    ProvenanceOptions options = ProvenanceOptions.read(provenance);
    return (bridge, result) ->
        withProvenance(bridge, scan.process(bridge, result), result, options);
  }

  private PostProcessor scan(BuildOptions.Sbom options) {
    return (bridge, result) -> sboms.apply(bridge, result, options);
  }

  /**
   * @param obtained as the frontend returned it: what was added since is no part of the build
   */
  private BuildResult withProvenance(
      BuildBridge bridge, BuildResult result, BuildResult obtained, ProvenanceOptions options) {
    Map<String, List<Attestation>> all = new LinkedHashMap<>(result.attestations());
    ResultCapture.of(bridge, obtained)
        .forEach(
            (key, told) -> {
              if (options.completeMaterials() && !told.capture().isComplete()) {
                throw incomplete(told.capture());
              }
              List<Attestation> list = new ArrayList<>(all.getOrDefault(key, List.of()));
              list.add(attestation(bridge, told, options));
              all.put(key, list);
            });
    return new BuildResult(result.ref(), result.refs(), result.isMap(), result.metadata(), all);
  }

  private Attestation attestation(
      BuildBridge bridge, ResultCapture.Told told, ProvenanceOptions options) {
    return new Attestation(
        AttestationKind.IN_TOTO,
        null,
        options.filename(),
        () -> writer.write(bridge.build(), told, options),
        options.version().predicateType(),
        List.of(),
        Map.of(
            "reason",
            ByteString.copyFromUtf8("provenance"),
            "inline-only",
            ByteString.copyFromUtf8(Boolean.toString(options.inlineOnly()))));
  }

  private static BuildFailure incomplete(Capture capture) {
    StringBuilder text = new StringBuilder("provenance materials are incomplete\n\n");
    text.append("Complete materials were asked for, but some of what was used has no digest.");
    if (!capture.locals().isEmpty()) {
      text.append("\n\nUncaptured local sources:");
      for (String name : capture.locals()) {
        text.append("\n  - ").append(name.isEmpty() ? "<unnamed>" : name);
        text.append("\n    reason: local_source");
      }
    }
    return BuildFailure.of(text.toString(), null);
  }

  @Override
  public Map<String, ByteString> recorded(BuildBridge bridge, BuildResult result)
      throws IOException {
    Map<String, String> asked =
        AttestationRequests.read(bridge.build().request().getFrontendAttrsMap())
            .getOrDefault(AttestationRequests.PROVENANCE, Map.of());
    ProvenanceOptions options = ProvenanceOptions.ofHistory(asked.getOrDefault("builder-id", ""));
    Map<String, ByteString> all = new LinkedHashMap<>();
    for (Map.Entry<String, ResultCapture.Told> each : ResultCapture.of(bridge, result).entrySet()) {
      all.put(each.getKey(), writer.write(bridge.build(), each.getValue(), options));
    }
    return all;
  }
}
