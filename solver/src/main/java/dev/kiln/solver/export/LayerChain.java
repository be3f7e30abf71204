package dev.kiln.solver.export;

import dev.kiln.solver.Sha256;
import java.time.Instant;
import java.util.List;

/**
 * A result as layers.
 *
 * @param layers the lowest first
 * @param createdAt when the result was made
 */
public record LayerChain(List<LayerDescriptor> layers, Instant createdAt) {
  /** Copies the list. */
  public LayerChain {
    layers = List.copyOf(layers);
  }

  /** Names the layers, whatever the time. */
  String id() {
    StringBuilder digests = new StringBuilder();
    layers.forEach(l -> digests.append(l.digest()));
    return Sha256.of(digests.toString());
  }

  /** Whether the other is this one with more layers on top, or the same. */
  boolean isBottomOf(LayerChain other) {
    if (layers.size() > other.layers.size()) {
      return false;
    }
    for (int i = 0; i < layers.size(); i++) {
      if (!layers.get(i).digest().equals(other.layers.get(i).digest())) {
        return false;
      }
    }
    return true;
  }

  boolean hasLayersOf(LayerChain other) {
    return layers.size() == other.layers.size() && isBottomOf(other);
  }
}
