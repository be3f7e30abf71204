package dev.kiln.registry.client;

/** How a blob came to be in a repository. */
public enum PushOutcome {
  /** It was there before. */
  EXISTED,
  /** The registry took it over from another of its repositories. */
  MOUNTED,
  /** Its bytes were sent. */
  UPLOADED
}
