package dev.kiln.snapshotter.ref;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a new ref is told about itself.
 *
 * @param retain for a mutable ref: keep it after its release (cache mounts, local sources)
 * @param createdAt when its content was made, or null for now
 * @param meta indexable texts; see {@link RefStore#findByMeta}
 */
public record RefOptions(
    String description,
    RecordType recordType,
    boolean retain,
    @Nullable Instant createdAt,
    Map<String, String> meta) {
  public static final RefOptions NONE =
      new RefOptions("", RecordType.REGULAR, false, null, Map.of());

  public RefOptions {
    meta = Map.copyOf(meta);
  }

  public static RefOptions described(String description) {
    return NONE.withDescription(description);
  }

  public RefOptions withDescription(String text) {
    return new RefOptions(text, recordType, retain, createdAt, meta);
  }

  public RefOptions withType(RecordType type) {
    return new RefOptions(description, type, retain, createdAt, meta);
  }

  public RefOptions retained() {
    return new RefOptions(description, recordType, true, createdAt, meta);
  }

  public RefOptions createdAt(Instant moment) {
    return new RefOptions(description, recordType, retain, moment, meta);
  }

  public RefOptions withMeta(String key, String value) {
    var more = new java.util.HashMap<>(meta);
    more.put(key, value);
    return new RefOptions(description, recordType, retain, createdAt, more);
  }
}
