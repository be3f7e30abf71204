package dev.kiln.registry.reference;

/** A text that is not an image reference; the message is the one that container tools give. */
public final class InvalidReferenceException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidReferenceException(String message) {
    super(message);
  }
}
