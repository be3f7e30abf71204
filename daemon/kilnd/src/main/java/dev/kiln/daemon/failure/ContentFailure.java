package dev.kiln.daemon.failure;

import java.io.IOException;

/** The content of an input could not be hashed; the input is kept to be looked into. */
public final class ContentFailure extends IOException implements KeptTrees.Holder {
  private final transient KeptTrees trees;

  public ContentFailure(String message, Throwable cause, KeptTrees trees) {
    super(message, cause);
    this.trees = trees;
  }

  @Override
  public KeptTrees trees() {
    return trees;
  }
}
