package dev.kiln.dockerfile.convert;

import dev.kiln.dockerfile.parser.Location;
import dev.kiln.solver.pb.Position;
import dev.kiln.solver.pb.Range;
import java.util.ArrayList;
import java.util.List;

/** Locations as the wire has them. */
public final class SourceRanges {

  private SourceRanges() {}

  /** One range for each line; none for an unknown place. */
  public static List<Range> of(Location location) {
    List<Range> ranges = new ArrayList<>();
    if (location.startLine() > 0) {
      for (int line = location.startLine(); line <= location.endLine(); line++) {
        Position position = Position.newBuilder().setLine(line).build();
        ranges.add(Range.newBuilder().setStart(position).setEnd(position).build());
      }
    }
    return ranges;
  }
}
