package dev.kiln.dockerfile.llb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "linux/amd64, linux/amd64, linux/amd64",
    "linux/x86_64, linux/amd64, linux/amd64",
    "linux/amd64/v2, linux/amd64/v2, linux/amd64/v2",
    "linux/arm, linux/arm, linux/arm/v7",
    "linux/arm/7, linux/arm/v7, linux/arm/v7",
    "linux/armel, linux/arm/v6, linux/arm/v6",
    "linux/arm64/v8, linux/arm64/v8, linux/arm64",
    "LINUX/AArch64, linux/arm64, linux/arm64",
    "arm64, linux/arm64, linux/arm64",
    "macos/arm64, darwin/arm64, darwin/arm64",
    "windows(10.0.17763+win32k)/amd64, windows(10.0.17763+win32k)/amd64, windows(10.0.17763+win32k)/amd64"
  })
  void parsesAndNormalizes(String text, String parsed, String normalized) {
    Platform platform = Platform.parse(text);
    assertThat(platform.formatAll()).isEqualTo(parsed);
    assertThat(platform.normalized().formatAll()).isEqualTo(normalized);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linux/*", "a/b/c/d", "nothing", "lin ux/amd64", "linux/am d"})
  void refusesWhatIsNoPlatform(String text) {
    assertThatThrownBy(() -> Platform.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("invalid argument");
  }
}
