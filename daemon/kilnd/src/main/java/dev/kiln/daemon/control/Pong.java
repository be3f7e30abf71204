package dev.kiln.daemon.control;

import dev.kiln.solver.llb.Caps;
import dev.kiln.wire.apicaps.APICap;
import dev.kiln.wire.gateway.PongResponse;
import dev.kiln.wire.types.WorkerRecord;
import java.util.List;

/** The answer to a frontend's ping: what this daemon can do. */
public final class Pong {
  private static final List<String> FRONTEND_CAPS =
      List.of(
          "solve.base",
          "solve.inlinereturn",
          "resolveimage",
          "resolveimage.resolvemode",
          "readfile",
          "return",
          "returnmap",
          "readdir",
          "statfile",
          "importcaches",
          "proto.refarray",
          "reference.output",
          "frontend.inputs",
          "gateway.solve.metadata",
          "gateway.exec",
          "gateway.exec.extrahosts",
          "gateway.exec.secretenv",
          "gateway.exec.signals",
          "gateway.exec.filesystem",
          "frontend.caps",
          "gateway.solve.evaluate",
          "gateway.evaluate",
          "gateway.warnings",
          "reference.attestations",
          "source.metaresolver",
          "source.metaresolver.image.attestations",
          "source.metaresolver.http.checksumrequest");

  private Pong() {}

  /** The answer of a daemon with this worker. */
  public static PongResponse of(WorkerRecord worker) {
    PongResponse.Builder pong = PongResponse.newBuilder();
    for (String id : FRONTEND_CAPS.stream().sorted().toList()) {
      pong.addFrontendAPICaps(
          APICap.newBuilder()
              .setID(id)
              .setEnabled(true)
              .setDeprecated(id.equals("solve.inlinereturn")));
    }
    for (String id : Caps.ANNOUNCED.stream().sorted().toList()) {
      pong.addLLBCaps(APICap.newBuilder().setID(id).setEnabled(true));
    }
    return pong.addWorkers(
            WorkerRecord.newBuilder()
                .setID(worker.getID())
                .putAllLabels(worker.getLabelsMap())
                .addAllPlatforms(worker.getPlatformsList()))
        .build();
  }
}
