package dev.kiln.cli.flag;

import dev.kiln.registry.image.Platform;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** {@code --platform}: lists with commas, short names, and {@code local} for this machine's. */
public final class PlatformList {
  private PlatformList() {}

  /** The platforms in the order given, each once. */
  public static List<Platform> parse(List<String> texts) {
    Set<Platform> result = new LinkedHashSet<>();
    for (String text : texts) {
      for (String one : text.split(",", -1)) {
        String name = one.trim();
        if (name.isEmpty()) {
          continue;
        }
        try {
          result.add(name.equals("local") ? Platform.host() : Platform.parse(name));
        } catch (IllegalArgumentException e) {
          throw new UsageException("invalid platform: " + e.getMessage(), e);
        }
      }
    }
    return List.copyOf(result);
  }
}
