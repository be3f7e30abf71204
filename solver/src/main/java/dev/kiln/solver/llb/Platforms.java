package dev.kiln.solver.llb;

import dev.kiln.solver.pb.Platform;
import java.util.List;
import java.util.Locale;

/** Platforms in the one form that keys use (containerd's rules of normalisation). */
public final class Platforms {
  private Platforms() {}

  /** Gives the normal form of a platform; OS features are sorted without doubles. */
  public static Platform normalize(Platform platform) {
    String os = platform.getOS().toLowerCase(Locale.ROOT);
    Platform.Builder out = platform.toBuilder().setOS(os.equals("macos") ? "darwin" : os);
    String arch = platform.getArchitecture().toLowerCase(Locale.ROOT);
    String variant = platform.getVariant().toLowerCase(Locale.ROOT);
    switch (arch) {
      case "i386", "i486", "i586", "i686" -> set(out, "386", "");
      case "x86_64", "x86-64", "amd64" -> set(out, "amd64", variant.equals("v1") ? "" : variant);
      case "aarch64", "arm64" ->
          set(out, "arm64", variant.equals("8") || variant.equals("v8") ? "" : variant);
      case "armhf" -> set(out, "arm", "v7");
      case "armel" -> set(out, "arm", "v6");
      case "arm" -> set(out, "arm", armVariant(variant));
      default -> set(out, arch, variant);
    }
    List<String> features = platform.getOSFeaturesList().stream().sorted().distinct().toList();
    return out.clearOSFeatures().addAllOSFeatures(features).build();
  }

  private static String armVariant(String variant) {
    return switch (variant) {
      case "", "7" -> "v7";
      case "5", "6", "8" -> "v" + variant;
      default -> variant;
    };
  }

  private static void set(Platform.Builder out, String arch, String variant) {
    out.setArchitecture(arch).setVariant(variant);
  }

  /** The platform that this process runs on, in normal form. */
  public static Platform local() {
    return normalize(
        Platform.newBuilder()
            .setOS("linux")
            .setArchitecture(System.getProperty("os.arch", "amd64"))
            .build());
  }
}
