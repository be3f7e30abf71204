package dev.kiln.daemon.gateway;

import dev.kiln.daemon.build.BuildBridge;
import dev.kiln.daemon.build.BuildRef;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.daemon.build.BuildResult.Attestation;
import dev.kiln.daemon.build.BuildResult.AttestationKind;
import dev.kiln.daemon.build.BuildResult.Subject;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.SourceOp;
import dev.kiln.wire.gateway.Attestations;
import dev.kiln.wire.gateway.InTotoSubject;
import dev.kiln.wire.gateway.InTotoSubjectKind;
import dev.kiln.wire.gateway.Ref;
import dev.kiln.wire.gateway.RefMap;
import dev.kiln.wire.gateway.RefMapDeprecated;
import dev.kiln.wire.gateway.ResolveImageConfigRequest;
import dev.kiln.wire.gateway.Result;
import dev.kiln.wire.gateway.SolveRequest;
import dev.kiln.wire.gateway.SolveResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Translates between the bridge's messages and the daemon's own values. */
final class Messages {
  private static final int OCI_LAYOUT_RESOLVER = 1;

  private Messages() {}

  static BuildBridge.Request solveRequest(SolveRequest request) {
    List<BuildBridge.CacheImport> imports =
        request.getCacheImportsList().stream()
            .map(each -> new BuildBridge.CacheImport(each.getType(), each.getAttrsMap()))
            .toList();
    return new BuildBridge.Request(
        request.hasDefinition() ? request.getDefinition() : Definition.getDefaultInstance(),
        request.getFrontend(),
        request.getFrontendOptMap(),
        request.getFrontendInputsMap(),
        request.getEvaluate(),
        imports,
        request.getSourcePoliciesList());
  }

  static SolveResponse solveResponse(SolveRequest request, BuildResult result, RefTable refs) {
    if (!request.getAllowResultReturn()) {
      return SolveResponse.newBuilder().setRef(refs.add(result.ref())).build();
    }
    Result.Builder out = Result.newBuilder();
    boolean current = request.getAllowResultArrayRef();
    if (result.isMap()) {
      if (current) {
        RefMap.Builder map = RefMap.newBuilder();
        result.refs().forEach((key, ref) -> map.putRefs(key, wireRef(ref, refs)));
        out.setRefs(map);
      } else {
        RefMapDeprecated.Builder map = RefMapDeprecated.newBuilder();
        result.refs().forEach((key, ref) -> map.putRefs(key, refs.add(ref)));
        out.setRefsDeprecated(map);
      }
    } else if (current) {
      out.setRef(wireRef(result.ref(), refs));
    } else {
      out.setRefDeprecated(refs.add(result.ref()));
    }
    out.putAllMetadata(result.metadata());
    result
        .attestations()
        .forEach((key, list) -> out.putAttestations(key, wireAttestations(list, refs)));
    return SolveResponse.newBuilder().setResult(out).build();
  }

  private static Ref wireRef(@Nullable BuildRef ref, RefTable refs) {
    Ref.Builder out = Ref.newBuilder().setId(refs.add(ref));
    if (ref != null) {
      out.setDef(ref.definition());
    }
    return out.build();
  }

  private static Attestations wireAttestations(List<Attestation> list, RefTable refs) {
    Attestations.Builder out = Attestations.newBuilder();
    for (Attestation attestation : list) {
      var one =
          dev.kiln.wire.gateway.Attestation.newBuilder()
              .setKind(wireKind(attestation.kind()))
              .putAllMetadata(attestation.metadata())
              .setPath(attestation.path())
              .setRef(wireRef(attestation.ref(), refs))
              .setInTotoPredicateType(attestation.predicateType());
      for (Subject subject : attestation.subjects()) {
        one.addInTotoSubjects(
            InTotoSubject.newBuilder()
                .setKind(subject.self() ? InTotoSubjectKind.Self : InTotoSubjectKind.Raw)
                .setName(subject.name())
                .addAllDigest(subject.digests()));
      }
      out.addAttestation(one);
    }
    return out.build();
  }

  private static dev.kiln.wire.gateway.AttestationKind wireKind(AttestationKind kind) {
    return switch (kind) {
      case IN_TOTO -> dev.kiln.wire.gateway.AttestationKind.InToto;
      case BUNDLE -> dev.kiln.wire.gateway.AttestationKind.Bundle;
    };
  }

  /** What a frontend returned, with ids turned back into refs. */
  static BuildResult buildResult(Result result, RefTable refs) {
    BuildRef single = null;
    Map<String, @Nullable BuildRef> map = new LinkedHashMap<>();
    boolean isMap = false;
    switch (result.getResultCase()) {
      case REFDEPRECATED -> single = refs.find(result.getRefDeprecated());
      case REF -> single = refs.find(result.getRef().getId());
      case REFSDEPRECATED -> {
        isMap = true;
        result.getRefsDeprecated().getRefsMap().forEach((key, id) -> map.put(key, refs.find(id)));
      }
      case REFS -> {
        isMap = true;
        result.getRefs().getRefsMap().forEach((key, ref) -> map.put(key, refs.find(ref.getId())));
      }
      case RESULT_NOT_SET -> {}
    }
    Map<String, List<Attestation>> attestations = new LinkedHashMap<>();
    result
        .getAttestationsMap()
        .forEach((key, list) -> attestations.put(key, attestations(list, refs)));
    return new BuildResult(single, map, isMap, result.getMetadataMap(), attestations);
  }

  private static List<Attestation> attestations(Attestations list, RefTable refs) {
    List<Attestation> out = new ArrayList<>();
    for (dev.kiln.wire.gateway.Attestation each : list.getAttestationList()) {
      out.add(
          new Attestation(
              each.getKind() == dev.kiln.wire.gateway.AttestationKind.Bundle
                  ? AttestationKind.BUNDLE
                  : AttestationKind.IN_TOTO,
              refs.find(each.getRef().getId()),
              each.getPath(),
              null,
              each.getInTotoPredicateType(),
              each.getInTotoSubjectsList().stream()
                  .map(
                      s ->
                          new Subject(
                              s.getKind() == InTotoSubjectKind.Self,
                              s.getName(),
                              s.getDigestList()))
                  .toList(),
              each.getMetadataMap()));
    }
    return out;
  }

  /** The source op that an old-style request for an image config stands for. */
  static SourceOp imageSource(ResolveImageConfigRequest request) {
    SourceOp.Builder source = SourceOp.newBuilder();
    if (request.getResolverType() == OCI_LAYOUT_RESOLVER) {
      source.setIdentifier("oci-layout://" + request.getRef());
      if (!request.getSessionID().isEmpty()) {
        source.putAttrs("oci.session", request.getSessionID());
      }
      if (!request.getStoreID().isEmpty()) {
        source.putAttrs("oci.store", request.getStoreID());
      }
    } else {
      source.setIdentifier("docker-image://" + request.getRef());
    }
    return source.build();
  }

  /** An identifier's text after its scheme. */
  static String withoutScheme(String identifier) {
    int at = identifier.indexOf("://");
    return at < 0 ? identifier : identifier.substring(at + "://".length());
  }
}
