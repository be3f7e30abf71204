package dev.kiln.snapshotter.ref;

/** What a ref was made for; its wire text is shown by disk usage and used by prune filters. */
public enum RecordType {
  INTERNAL("internal"),
  FRONTEND("frontend"),
  SOURCE_LOCAL("source.local"),
  SOURCE_GIT_CHECKOUT("source.git.checkout"),
  EXEC_CACHE_MOUNT("exec.cachemount"),
  REGULAR("regular");

  private final String text;

  RecordType(String text) {
    this.text = text;
  }

  /** The text on the wire. */
  public String text() {
    return text;
  }

  /** The type of a wire text; unknown texts are {@link #REGULAR}. */
  public static RecordType of(String text) {
    for (RecordType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    return REGULAR;
  }
}
