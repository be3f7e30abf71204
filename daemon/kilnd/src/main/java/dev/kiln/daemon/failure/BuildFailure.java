package dev.kiln.daemon.failure;

import dev.kiln.dockerfile.bridge.FrontendException;
import dev.kiln.solver.SolveException;
import dev.kiln.solver.Vertex;
import dev.kiln.solver.pb.Definition;
import dev.kiln.solver.pb.Location;
import dev.kiln.solver.pb.Locations;
import dev.kiln.wire.errdefs.Source;
import dev.kiln.wire.error.Detailed;
import dev.kiln.wire.error.ErrorDetail;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A definition that could not be built: which vertex, and where it stands in the source file. */
public final class BuildFailure extends RuntimeException implements Detailed {
  private final transient @Nullable Vertex vertex;
  private final transient List<FrontendException.Source> sources;
  private final transient int contentInput;

  private BuildFailure(
      String message,
      @Nullable Vertex vertex,
      List<FrontendException.Source> sources,
      int contentInput,
      @Nullable Throwable cause) {
    super(message, cause);
    this.vertex = vertex;
    this.sources = List.copyOf(sources);
    this.contentInput = contentInput;
  }

  /** A failure that belongs to no vertex. */
  public static BuildFailure of(String message, @Nullable Throwable cause) {
    return new BuildFailure(message, null, List.of(), -1, cause);
  }

  /** A failure of a step of a definition, with the places in the file that the step comes from. */
  public static BuildFailure of(SolveException failure, Definition definition) {
    return new BuildFailure(
        String.valueOf(failure.getMessage()),
        failure.vertex(),
        failure.vertex() == null ? List.of() : locate(failure.vertex(), definition),
        failure.input(),
        failure.getCause());
  }

  private static List<FrontendException.Source> locate(Vertex vertex, Definition definition) {
    List<FrontendException.Source> found = new ArrayList<>();
    Locations locations =
        definition
            .getSource()
            .getLocationsOrDefault(vertex.clientDigest(), Locations.getDefaultInstance());
    for (Location location : locations.getLocationsList()) {
      if (location.getSourceIndex() >= 0
          && location.getSourceIndex() < definition.getSource().getInfosCount()) {
        found.add(
            new FrontendException.Source(
                definition.getSource().getInfos(location.getSourceIndex()),
                location.getRangesList()));
      }
    }
    return found;
  }

  /** The vertex that failed, null if the failure belongs to none. */
  public @Nullable Vertex vertex() {
    return vertex;
  }

  /** Places in source files, outermost first. */
  public List<FrontendException.Source> sources() {
    return sources;
  }

  /** Index of the input whose content could not be hashed, -1 for other failures. */
  public int contentInput() {
    return contentInput;
  }

  /**
   * The places in source files, then the vertex. The innermost place comes first, as clients unwrap
   * them from the first to the last.
   */
  @Override
  public List<ErrorDetail> details() {
    List<ErrorDetail> details = new ArrayList<>();
    for (FrontendException.Source source : sources.reversed()) {
      details.add(
          new ErrorDetail.Source(
              Source.newBuilder().setInfo(source.info()).addAllRanges(source.ranges()).build()));
    }
    if (vertex != null) {
      details.add(new ErrorDetail.Vertex(vertex.clientDigest()));
    }
    return details;
  }
}
