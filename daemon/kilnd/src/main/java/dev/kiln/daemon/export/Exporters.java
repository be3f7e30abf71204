package dev.kiln.daemon.export;

import dev.kiln.daemon.failure.BuildFailure;
import java.util.Map;

/** The exporters by type. Immutable. */
public final class Exporters implements Exporter.Factory {
  private final Map<String, Maker> byType;

  /** Makes the exporter of one type. */
  @FunctionalInterface
  public interface Maker {
    Exporter make(Map<String, String> attributes);
  }

  public Exporters(Map<String, Maker> byType) {
    this.byType = Map.copyOf(byType);
  }

  @Override
  public Exporter create(String type, Map<String, String> attributes) {
    Maker maker = byType.get(type);
    if (maker == null) {
      throw BuildFailure.of("exporter \"" + type + "\" could not be found", null);
    }
    return maker.make(attributes);
  }
}
