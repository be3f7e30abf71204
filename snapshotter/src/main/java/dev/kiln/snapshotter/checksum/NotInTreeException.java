package dev.kiln.snapshotter.checksum;

import java.io.IOException;

/** A path that a selector names and the tree does not have: {@code "<path>": not found}. */
public final class NotInTreeException extends IOException {
  NotInTreeException(String message) {
    super(message);
  }

  static NotInTreeException of(String path) {
    return new NotInTreeException("\"" + path + "\": not found");
  }
}
