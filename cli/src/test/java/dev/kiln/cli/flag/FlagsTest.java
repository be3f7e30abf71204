package dev.kiln.cli.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.image.Platform;
import dev.kiln.wire.attach.AttachedSecrets.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlagsTest {
  @Test
  void fieldsMayBeQuoted() {
    assertThat(CsvFields.of("a,\"b,c\",\"d\"\"e\",")).containsExactly("a", "b,c", "d\"e", "");
    assertThatThrownBy(() -> CsvFields.of("a,b\"c")).hasMessageContaining("bare \"");
    assertThatThrownBy(() -> CsvFields.of("\"a")).hasMessageContaining("not closed");
  }

  @Test
  void joinedFieldsReadBackTheSame() {
    Map<String, String> pairs = Map.of("a", "1,2", "b", "x\"y", "c", "");
    assertThat(CsvFields.pairs(CsvFields.join(pairs))).isEqualTo(pairs);
  }

  @Test
  void argumentsComeFromTheEnvironmentWithoutAValue() {
    assertThat(Flags.arguments(List.of("A=1=2", "B", "C", "D="), Map.of("B", "b")))
        .isEqualTo(Map.of("A", "1=2", "B", "b", "D", ""));
    assertThatThrownBy(() -> Flags.arguments(List.of("=x"), Map.of()))
        .hasMessageContaining("empty key");
  }

  @Test
  void outputsHaveShortForms() {
    assertThat(OutputSpec.parse("out")).isEqualTo(new OutputSpec("local", Map.of(), "out"));
    assertThat(OutputSpec.parse("-")).isEqualTo(new OutputSpec("tar", Map.of(), "-"));
    assertThat(OutputSpec.parse("type=oci,dest=a.tar,Compression=zstd"))
        .isEqualTo(new OutputSpec("oci", Map.of("compression", "zstd"), "a.tar"));
    assertThatThrownBy(() -> OutputSpec.parse("dest=x,y=z"))
        .hasMessage("type is required for output");
  }

  @Test
  void pushUsesAnImageOutputThatExists() {
    var image = OutputSpec.parse("type=image,name=a");
    assertThat(OutputSpec.withShorthands(List.of(image), true, false))
        .singleElement()
        .satisfies(
            output ->
                assertThat(output.attributes())
                    .containsOnly(
                        Map.entry("name", "a"),
                        Map.entry("push", "true"),
                        Map.entry("unpack", "false")));
    assertThat(OutputSpec.withShorthands(List.of(), true, true))
        .extracting(OutputSpec::type)
        .containsExactly("image", "docker");
    assertThat(OutputSpec.withShorthands(OutputSpec.all(List.of("type=registry")), false, false))
        .allSatisfy(output -> assertThat(output.has("push")).isTrue());
  }

  @Test
  void cachesMayBeImages() {
    assertThat(CacheSpec.all(List.of("a/b:c,d", "type=local,src=x")))
        .containsExactly(
            new CacheSpec("registry", Map.of("ref", "a/b:c")),
            new CacheSpec("registry", Map.of("ref", "d")),
            new CacheSpec("local", Map.of("src", "x")));
    assertThatThrownBy(() -> CacheSpec.all(List.of("src=x"))).hasMessageContaining("type required");
  }

  @Test
  void secretsComeFromFilesAndVariables(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("s"), "x");
    assertThat(
            SecretSpec.all(
                List.of("id=a,src=" + file, "id=B", "id=c,env=X", "type=env,id=d,src=Y"),
                Map.of("B", "1")))
        .isEqualTo(
            Map.of(
                "a", new Source.File(file),
                "B", new Source.Environment("B"),
                "c", new Source.Environment("X"),
                "d", new Source.Environment("Y")));
    assertThatThrownBy(() -> SecretSpec.all(List.of("id=a,src=/no/such"), Map.of()))
        .hasMessageContaining("/no/such");
    assertThatThrownBy(() -> SecretSpec.all(List.of("id=a,what=b"), Map.of()))
        .hasMessage("unexpected key 'what' in 'what=b'");
  }

  @Test
  void attestationsAreTurnedOnAndOff() {
    assertThat(AttestSpec.all(List.of("type=sbom,generator=x"), "mode=max", ""))
        .isEqualTo(
            Map.of(
                "sbom", Optional.of("type=sbom,generator=x"),
                "provenance", Optional.of("type=provenance,mode=max")));
    assertThat(AttestSpec.all(List.of(), "false", "true"))
        .isEqualTo(Map.of("provenance", Optional.empty(), "sbom", Optional.of("type=sbom")));
  }

  @Test
  void annotationsNameTheirPlaces() {
    assertThat(
            AnnotationSpec.attributes(
                List.of("a=b", "manifest,index:c=d=e", "manifest[linux/arm64]:f=g")))
        .isEqualTo(
            Map.of(
                "annotation.a", "b",
                "annotation-manifest.c", "d=e",
                "annotation-index.c", "d=e",
                "annotation-manifest[linux/arm64].f", "g"));
    assertThatThrownBy(() -> AnnotationSpec.attributes(List.of("what:a=b")))
        .hasMessageContaining("unknown annotation type");
  }

  @Test
  void platformsAreListsWithShortNames() {
    assertThat(PlatformList.parse(List.of("amd64,arm64", "linux/arm/v6", "amd64")))
        .extracting(Platform::format)
        .containsExactly("linux/amd64", "linux/arm64", "linux/arm/v6");
    assertThat(PlatformList.parse(List.of("local"))).containsExactly(Platform.host());
    assertThatThrownBy(() -> PlatformList.parse(List.of("nonsense")))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void hostsMayBeBracketedAndTheGateway() {
    assertThat(
            HostList.attribute(
                List.of("a:1.2.3.4", "b=::1", "c:[fe80::1]", "d:host-gateway"), () -> "10.0.0.1"))
        .isEqualTo("a=1.2.3.4,b=::1,c=fe80::1,d=10.0.0.1");
    assertThatThrownBy(() -> HostList.attribute(List.of("a:b"), () -> ""))
        .hasMessage("invalid host a:b");
  }

  @ParameterizedTest
  @CsvSource({"64m,67108864", "1.5G,1610612736", "10,10", "2kb,2048", "1KiB,1024"})
  void sizesAreInPowersOf1024(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "1x", "-1"})
  void otherTextsAreNoSizes(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(UsageException.class);
  }

  @Test
  void limitsHaveSoftAndHardValues() {
    assertThat(UlimitList.attribute(List.of("nofile=10:20", "cpu=3")))
        .isEqualTo("cpu=3:3,nofile=10:20");
    assertThatThrownBy(() -> UlimitList.attribute(List.of("nofile=20:10")))
        .hasMessageContaining("soft limit");
    assertThatThrownBy(() -> UlimitList.attribute(List.of("what=1")))
        .hasMessage("invalid ulimit type: what");
  }

  @Test
  void checkIsTheFrontendsLint() {
    assertThat(CallSpec.parse("check,format=json")).contains(new CallSpec("lint", "json", false));
    assertThat(CallSpec.parse("build")).isEmpty();
    assertThatThrownBy(() -> CallSpec.parse("a,b")).hasMessage("invalid call value: a,b");
  }
}
