package dev.kiln.dockerfile.parser;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile that cannot be built as written. It carries the places in the text that are at
 * fault, so that the caller can show them.
 */
public final class DockerfileException extends RuntimeException {

  private final List<Location> locations;

  /** A fault without a known place. */
  public DockerfileException(String message) {
    this(message, List.of(), null);
  }

  public DockerfileException(String message, Location location) {
    this(message, List.of(location), null);
  }

  public DockerfileException(String message, Location location, Throwable cause) {
    this(message, List.of(location), cause);
  }

  private DockerfileException(String message, List<Location> locations, @Nullable Throwable cause) {
    super(message, cause);
    this.locations = locations;
  }

  /**
   * The places at fault, the innermost first; empty when no place is known. More than one means
   * several places have a part in the fault, such as the steps of a cycle.
   */
  public List<Location> locations() {
    return locations;
  }

  /** The same fault with other places. */
  public DockerfileException at(List<Location> places) {
    return new DockerfileException(message(), List.copyOf(places), this);
  }

  /** The same fault at the given place, unless a place is known already. */
  public DockerfileException atIfUnknown(Location place) {
    return locations.isEmpty() ? at(List.of(place)) : this;
  }

  /** The same fault and places, with words put before the message. */
  public DockerfileException prefixed(String prefix) {
    return new DockerfileException(prefix + message(), locations, this);
  }

  /** The message, which is never null here. */
  public String message() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
