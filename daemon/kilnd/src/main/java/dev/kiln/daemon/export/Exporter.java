package dev.kiln.daemon.export;

import com.google.protobuf.ByteString;
import dev.kiln.daemon.build.Build;
import dev.kiln.daemon.build.BuildResult;
import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.solver.VertexProgress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One way out of a build, configured by its attributes (exporters-and-cache.md, section 1). */
public interface Exporter {
  /** What the export's vertex is called, such as {@code exporting to image}. */
  String name();

  /** The exporter's type, such as {@code image}. */
  String type();

  /**
   * Brings a result out. All refs of the result are evaluated already.
   *
   * @param work the build, its result and where to report progress
   */
  Exported export(Work work) throws Exception;

  /**
   * What there is to export.
   *
   * @param build whose sessions the export may use
   * @param index the exporter's place in the request, its id towards the client
   * @param result evaluated
   * @param inlineCache gives the cache record to put into an image's config, null for none
   */
  record Work(
      Build build,
      int index,
      BuildResult result,
      VertexProgress progress,
      @Nullable InlineCache inlineCache) {}

  /** Makes the inline cache of an image. */
  @FunctionalInterface
  interface InlineCache {
    /**
     * The record for one image.
     *
     * @param platformKey key of the ref in the result, empty for the single one
     * @param layers the image's layers, lowest first
     * @return JSON bytes, or null when there is nothing to say
     */
    @Nullable ByteString of(
        String platformKey, java.util.List<dev.kiln.snapshotter.layer.LayerBlob> layers)
        throws Exception;
  }

  /**
   * What came of an export.
   *
   * @param response entries for the client's response
   * @param descriptor root of what was exported, null when it has none
   * @param finish work that comes after all exporters are done, such as a push; null for none
   */
  record Exported(
      Map<String, String> response, @Nullable Descriptor descriptor, @Nullable Finish finish) {
    public Exported {
      response = Map.copyOf(response);
    }
  }

  /** The last part of an export. */
  @FunctionalInterface
  interface Finish {
    void run() throws Exception;
  }

  /** Makes exporters from requests. */
  @FunctionalInterface
  interface Factory {
    /**
     * Checks the attributes.
     *
     * @throws dev.kiln.daemon.failure.BuildFailure for an unknown type or a bad attribute
     */
    Exporter create(String type, Map<String, String> attributes);
  }
}
