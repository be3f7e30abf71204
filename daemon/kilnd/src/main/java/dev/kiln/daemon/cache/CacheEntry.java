package dev.kiln.daemon.cache;

import dev.kiln.registry.reference.ImageReference;
import dev.kiln.registry.reference.InvalidReferenceException;
import java.util.Map;

/**
 * An entry of a request's cache options: a type and its attributes (exporters-and-cache.md, section
 * 4).
 */
public record CacheEntry(String type, Map<String, String> attributes) {
  public CacheEntry {
    attributes = Map.copyOf(attributes);
  }

  /** The value of an attribute, empty when it is not there. */
  public String text(String key) {
    return attributes.getOrDefault(key, "");
  }

  /**
   * A yes or no, in the texts that Go's ParseBool takes.
   *
   * @throws IllegalArgumentException for other texts
   */
  public boolean flag(String key, boolean otherwise) {
    String text = attributes.get(key);
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(
              "failed to parse " + key + ": \"" + text + "\" is not true or false");
    };
  }

  /**
   * The reference in the attribute {@code ref}, with the usual tag where it has none.
   *
   * @throws IllegalArgumentException if it is missing or malformed
   */
  public ImageReference reference() {
    String ref = text("ref");
    if (ref.isEmpty()) {
      throw new IllegalArgumentException("missing ref");
    }
    try {
      return ImageReference.parse(ref).withDefaultTag();
    } catch (InvalidReferenceException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * The id of a client's store.
   *
   * @param key the attribute with the folder
   * @throws IllegalArgumentException if a header could not carry it
   */
  public String storeId(String key) {
    String folder = text(key);
    if (!folder.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          "header key \"buildkit-attachable-store-id\" contains value with non-printable ASCII"
              + " characters");
    }
    return "local:" + folder;
  }
}
