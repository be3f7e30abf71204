package dev.kiln.wire.error;

import java.util.List;

/** An exception that carries typed details for clients. */
public interface Detailed {
  /** The details that this exception adds to those of its causes, outermost first. */
  List<ErrorDetail> details();
}
