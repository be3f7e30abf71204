package dev.kiln.daemon.provenance;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.Evaluated;
import dev.kiln.daemon.export.image.GoJsonText;
import dev.kiln.daemon.export.image.PackageUrl;
import dev.kiln.daemon.worker.Version;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.solver.llb.Platforms;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Writes predicates about results. Safe for use by many threads. */
final class ProvenanceWriter {
  private final RefStore refs;
  private final ObjectNode environment;

  /**
   * @param environment what the daemon's owner adds to each
   */
  ProvenanceWriter(RefStore refs, ObjectNode environment) {
    this.refs = refs;
    this.environment = environment;
  }

  /**
   * The predicate about one ref, while the build's job is open. Layers that were not made into
   * blobs yet are not told, so this is best called late.
   */
  ByteString write(Build build, ResultCapture.Told told, ProvenanceOptions options)
      throws IOException {
    Evaluated evaluated = told.ref().evaluatedAlready();
    Map<String, List<ObjectNode>> layers =
        options.max() && evaluated != null ? LayerLists.of(build.job(), evaluated, refs) : Map.of();
    Facts facts =
        new Facts(
            told.capture(),
            told.call(),
            told.ref().definition(),
            layers,
            PackageUrl.format(Platforms.normalize(Platforms.local())),
            Version.DOCKERFILE,
            environment,
            build.invocation(),
            build.started(),
            build.finished(),
            build.request().getCompatibilityVersion());
    return ByteString.copyFrom(GoJsonText.indented(Predicate.of(facts, options)));
  }
}
