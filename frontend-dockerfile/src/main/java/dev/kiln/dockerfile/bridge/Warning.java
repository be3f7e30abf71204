package dev.kiln.dockerfile.bridge;

import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import java.util.List;

/**
 * A warning beside a vertex.
 *
 * @param vertexDigest digest of the vertex that shows it
 * @param level 1 for linting
 * @param summary one line
 * @param detail further lines
 * @param url where to read more, or empty
 * @param source the file that the ranges are in
 */
public record Warning(
    String vertexDigest,
    int level,
    String summary,
    List<String> detail,
    String url,
    SourceInfo source,
    List<Range> ranges) {

  public Warning {
    detail = List.copyOf(detail);
    ranges = List.copyOf(ranges);
  }
}
