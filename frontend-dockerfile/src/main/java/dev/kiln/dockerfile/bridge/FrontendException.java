package dev.kiln.dockerfile.bridge;

import dev.kiln.solver.pb.Range;
import dev.kiln.solver.pb.SourceInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A build that the frontend cannot do, with what a client needs to show why. */
public final class FrontendException extends RuntimeException {

  /** Why the build cannot be done, where clients tell the cases apart. */
  public enum Reason {
    /** The Dockerfile or an option is at fault, or a call to the daemon failed (see the cause). */
    FAILED,
    /** {@code frontend.caps} asks for a capability that is unknown; {@link #subject} names it. */
    UNSUPPORTED_CAPABILITY,
    /** The request id is unknown; {@link #subject} names it. */
    UNSUPPORTED_SUBREQUEST
  }

  private final Reason reason;
  private final String subject;
  private final List<Source> sources;

  private FrontendException(
      Reason reason,
      String subject,
      String message,
      List<Source> sources,
      @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.subject = subject;
    this.sources = List.copyOf(sources);
  }

  /** A failure without a place in a file. */
  public static FrontendException failed(String message) {
    return new FrontendException(Reason.FAILED, "", message, List.of(), null);
  }

  /** A failure that something else caused. */
  public static FrontendException failed(String message, Throwable cause) {
    return new FrontendException(Reason.FAILED, "", message, List.of(), cause);
  }

  /** A failure at places in a file. */
  public static FrontendException at(List<Source> sources, String message, Throwable cause) {
    return new FrontendException(Reason.FAILED, "", message, sources, cause);
  }

  /** An unknown capability of the frontend. */
  public static FrontendException unsupportedCapability(String name) {
    return new FrontendException(
        Reason.UNSUPPORTED_CAPABILITY,
        name,
        "unsupported frontend capability " + name,
        List.of(),
        null);
  }

  /** An unknown subrequest. */
  public static FrontendException unsupportedSubrequest(String name) {
    return new FrontendException(
        Reason.UNSUPPORTED_SUBREQUEST, name, "unsupported request " + name, List.of(), null);
  }

  public Reason reason() {
    return reason;
  }

  /** Name of what is not supported, or empty. */
  public String subject() {
    return subject;
  }

  /** Places in files that are at fault, the innermost first; may be empty. */
  public List<Source> sources() {
    return sources;
  }

  /** Places in one file. */
  public record Source(SourceInfo info, List<Range> ranges) {
    public Source {
      ranges = List.copyOf(ranges);
    }
  }
}
