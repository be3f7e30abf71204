package dev.kiln.registry.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds what runs on a platform, the best first: a machine also runs older variants of its
 * architecture ({@code arm/v7} runs {@code v6}, {@code amd64/v3} runs {@code v2}, {@code amd64}
 * runs {@code 386}, {@code arm64} runs {@code arm}). Immutable.
 */
public final class PlatformMatcher {
  private static final int OLDEST_ARM = 5;
  private static final int NO_MATCH = Integer.MAX_VALUE;

  private final List<Platform> accepted;

  private PlatformMatcher(List<Platform> accepted) {
    this.accepted = accepted;
  }

  /** A matcher for what a machine of this platform can run. */
  public static PlatformMatcher of(Platform platform) {
    return new PlatformMatcher(List.copyOf(acceptedBy(platform.normalized())));
  }

  /** A matcher for exactly this platform, in whatever spelling. */
  public static PlatformMatcher strict(Platform platform) {
    return new PlatformMatcher(List.of(platform.normalized()));
  }

  /** Whether the candidate runs here. */
  public boolean matches(Platform candidate) {
    return rank(candidate) != NO_MATCH;
  }

  /** 0 for the best match, more for a worse one, {@link Integer#MAX_VALUE} for none. */
  public int rank(Platform candidate) {
    Platform normal = candidate.normalized();
    for (int i = 0; i < accepted.size(); i++) {
      if (same(accepted.get(i), normal)) {
        return i;
      }
    }
    return NO_MATCH;
  }

  private static boolean same(Platform wanted, Platform normal) {
    Platform w = wanted.normalized();
    return w.os().equals(normal.os())
        && w.architecture().equals(normal.architecture())
        && w.variant().equals(normal.variant())
        && sameVersion(w, normal)
        && w.osFeatures().containsAll(normal.osFeatures());
  }

  /** Windows images need the same build of the system; other systems do not look at versions. */
  private static boolean sameVersion(Platform wanted, Platform candidate) {
    if (!wanted.os().equals("windows")
        || wanted.osVersion().isEmpty()
        || candidate.osVersion().isEmpty()) {
      return true;
    }
    return build(wanted.osVersion()).equals(build(candidate.osVersion()));
  }

  private static String build(String version) {
    String[] parts = version.split("\\.", -1);
    return String.join(".", List.of(parts).subList(0, Math.min(3, parts.length)));
  }

  /**
   * The manifest of an index that fits best. Entries that name another platform are left out, as
   * are attestations; an entry without a platform is taken only when nothing else fits.
   */
  public Optional<ManifestEntry> best(List<ManifestEntry> entries) {
    Optional<ManifestEntry> named =
        entries.stream()
            .filter(e -> e.platform().isPresent() && matches(e.platform().get()))
            .min(
                Comparator.<ManifestEntry>comparingInt(e -> rank(e.platform().orElseThrow()))
                    .thenComparingInt(e -> -e.platform().orElseThrow().osFeatures().size()));
    return named.or(
        () ->
            entries.stream().filter(e -> e.platform().isEmpty() && !e.isAttestation()).findFirst());
  }

  private static List<Platform> acceptedBy(Platform platform) {
    return switch (platform.architecture()) {
      case "amd64" -> amd64(platform);
      case "arm" -> arm(platform);
      case "arm64" -> arm64(platform);
      default -> List.of(platform);
    };
  }

  private static List<Platform> amd64(Platform platform) {
    List<Platform> out = new ArrayList<>(List.of(platform));
    int level = platform.variantNumber().orElse(1);
    for (int v = level - 1; v >= 1; v--) {
      out.add(like(platform, "amd64", "v" + v));
    }
    out.add(like(platform, "386", ""));
    return out;
  }

  private static List<Platform> arm(Platform platform) {
    List<Platform> out = new ArrayList<>(List.of(platform));
    int level = platform.variantNumber().orElse(OLDEST_ARM);
    for (int v = level - 1; v >= OLDEST_ARM; v--) {
      out.add(like(platform, "arm", "v" + v));
    }
    return out;
  }

  /** Version 9.n contains 8.(n+5); all of version 8 contains the 32-bit architecture. */
  private static List<Platform> arm64(Platform platform) {
    String variant = platform.variant().isEmpty() ? "v8" : platform.variant();
    String[] numbers = variant.substring(1).split("\\.", -1);
    List<Platform> out = new ArrayList<>();
    if (!variant.matches("v[89](\\.\\d)?")) {
      out.add(platform);
      return out;
    }
    int minor = numbers.length > 1 ? Integer.parseInt(numbers[1]) : 0;
    int minorOf8 = minor;
    if (numbers[0].equals("9")) {
      addMinors(out, platform, "v9", minor);
      minorOf8 = Math.min(minor + 5, 9);
    }
    addMinors(out, platform, "v8", minorOf8);
    out.addAll(arm(like(platform, "arm", "v8")));
    return out;
  }

  private static void addMinors(List<Platform> out, Platform platform, String major, int newest) {
    for (int minor = newest; minor >= 0; minor--) {
      out.add(like(platform, "arm64", minor == 0 ? major : major + "." + minor));
    }
  }

  private static Platform like(Platform platform, String architecture, String variant) {
    return new Platform(
        platform.os(), architecture, variant, platform.osVersion(), platform.osFeatures());
  }
}
