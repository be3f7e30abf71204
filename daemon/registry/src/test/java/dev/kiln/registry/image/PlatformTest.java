package dev.kiln.registry.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  @ParameterizedTest
  @CsvSource({
    "amd64, linux/amd64",
    "x86_64, linux/amd64",
    "linux/amd64/v1, linux/amd64",
    "linux/amd64/v3, linux/amd64/v3",
    "aarch64, linux/arm64",
    "linux/arm64/v8, linux/arm64",
    "linux/arm64/v9.0, linux/arm64/v9",
    "arm, linux/arm/v7",
    "linux/arm, linux/arm/v7",
    "linux/arm/v6, linux/arm/v6",
    "linux/arm/6, linux/arm/v6",
    "armel, linux/arm/v6",
    "armhf, linux/arm/v7",
    "i386, linux/386",
    "macOS/arm64, darwin/arm64",
    "Linux/RISCV64, linux/riscv64",
    "windows(10.0.17763)/amd64, windows(10.0.17763)/amd64",
    "windows(10.0.17763+win32k)/amd64, windows(10.0.17763+win32k)/amd64",
  })
  void textsAreNormalised(String text, String normal) {
    assertThat(Platform.parse(text)).hasToString(normal);
  }

  @ParameterizedTest
  @CsvSource({
    "toaster, '\"toaster\": unknown operating system or architecture'",
    "linux/amd64/v1/x, '\"linux/amd64/v1/x\": cannot parse platform specifier'",
    "linux/am d, '\"am d\" is an invalid component of \"linux/am d\"'",
  })
  void mistakesAreNamed(String text, String message) {
    assertThatThrownBy(() -> Platform.parse(text)).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    // wanted, offered with | between, expected
    "linux/amd64, linux/arm64|linux/amd64, linux/amd64",
    "linux/amd64, linux/386, linux/386",
    "linux/amd64/v3, linux/amd64|linux/amd64/v2|linux/amd64/v4, linux/amd64/v2",
    "linux/amd64/v3, linux/386|linux/amd64, linux/amd64",
    "linux/amd64, linux/amd64/v2, none",
    "linux/arm/v7, linux/arm/v5|linux/arm/v6|linux/arm64, linux/arm/v6",
    "linux/arm/v6, linux/arm/v7, none",
    "linux/arm64, linux/arm/v7|linux/arm64/v8, linux/arm64/v8",
    "linux/arm64, linux/arm/v6|linux/arm/v7, linux/arm/v7",
    "linux/arm64/v9, linux/arm64, linux/arm64",
    "linux/arm64, linux/arm64/v9, none",
    "linux/riscv64, linux/amd64|unknown/unknown, none",
  })
  void bestFitIsChosen(String wanted, String offered, String expected) {
    List<ManifestEntry> entries =
        Arrays.stream(offered.split("\\|", -1)).map(PlatformTest::entry).toList();

    Optional<ManifestEntry> best = PlatformMatcher.of(Platform.parse(wanted)).best(entries);

    String chosen = best.map(e -> e.platform().orElseThrow().format()).orElse("none");
    assertThat(chosen).isEqualTo(expected);
  }

  private static ManifestEntry entry(String platform) {
    String[] parts = platform.split("/", -1);
    Platform value = Platform.of(parts[0], parts[1], parts.length > 2 ? parts[2] : "");
    Descriptor descriptor =
        new Descriptor(
            MediaTypes.OCI_MANIFEST, Digest.of(platform.getBytes(StandardCharsets.UTF_8)), 1);
    return new ManifestEntry(descriptor, Optional.of(value), "");
  }

  @Test
  void entryWithoutPlatformIsTheLastResort() {
    Descriptor plain = new Descriptor(MediaTypes.OCI_MANIFEST, Digest.of(new byte[1]), 1);
    ManifestEntry attestation =
        new ManifestEntry(
            plain.withAnnotations(Map.of("vnd.docker.reference.type", "attestation-manifest")),
            Optional.empty(),
            "");
    ManifestEntry bare = new ManifestEntry(plain, Optional.empty(), "");
    PlatformMatcher matcher = PlatformMatcher.of(Platform.parse("linux/amd64"));

    assertThat(matcher.best(List.of(attestation, bare))).contains(bare);
    assertThat(matcher.best(List.of(bare, entry("linux/amd64")))).contains(entry("linux/amd64"));
    assertThat(matcher.best(List.of(attestation))).isEmpty();
  }

  @Test
  void strictMatcherTakesNothingOlder() {
    PlatformMatcher matcher = PlatformMatcher.strict(Platform.parse("linux/arm64"));
    assertThat(matcher.matches(Platform.of("linux", "arm64", "v8"))).isTrue();
    assertThat(matcher.matches(Platform.of("linux", "arm", "v7"))).isFalse();
  }
}
