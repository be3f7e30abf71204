package dev.kiln.dockerfile.llb;

import dev.kiln.solver.pb.Range;
import java.util.List;

/** Places in a file that an operation comes from. */
public record SourceLocation(SourceMap map, List<Range> ranges) {
  public SourceLocation {
    ranges = List.copyOf(ranges);
  }
}
