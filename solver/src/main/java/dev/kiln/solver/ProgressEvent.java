package dev.kiln.solver;

import dev.kiln.solver.pb.ProgressGroup;
import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened to a vertex of a build, as the status stream tells it. */
public sealed interface ProgressEvent {
  /** The digest of the vertex, never empty. */
  String vertex();

  /**
   * A vertex became known, started or ended.
   *
   * @param vertex its digest
   * @param inputs digests of what it stands on
   * @param name what to show
   * @param started when it began; null if it did not
   * @param completed when it ended; null if it did not
   * @param cached whether a known result was used
   * @param error why it failed; null if it did not
   * @param group how clients fold it with others
   */
  record VertexUpdate(
      String vertex,
      List<String> inputs,
      String name,
      @Nullable Instant started,
      @Nullable Instant completed,
      boolean cached,
      @Nullable String error,
      @Nullable ProgressGroup group)
      implements ProgressEvent {}

  /** The state of one item of a vertex; see {@link VertexProgress#status}. */
  record Status(
      String vertex,
      String id,
      String name,
      long current,
      long total,
      Instant timestamp,
      @Nullable Instant started,
      @Nullable Instant completed)
      implements ProgressEvent {}

  /** Output of a vertex; see {@link VertexProgress#log}. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are passed on, never compared
  record Log(String vertex, int stream, byte[] bytes, Instant timestamp) implements ProgressEvent {}

  /**
   * A warning.
   *
   * @param vertex digest of the vertex that it belongs to
   * @param level 1 and up
   * @param summary one line
   * @param detail further lines
   * @param url where to read more, may be empty
   * @param source the file that it is about
   * @param ranges places in the file
   */
  record Warning(
      String vertex,
      int level,
      String summary,
      List<String> detail,
      String url,
      @Nullable SourceInfo source,
      List<Range> ranges)
      implements ProgressEvent {}

  /** Why a vertex was run, when it is about to be. */
  record Missed(String vertex, Miss miss) implements ProgressEvent {}
}
