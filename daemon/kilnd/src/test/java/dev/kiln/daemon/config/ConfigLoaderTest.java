package dev.kiln.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.registry.host.HostSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void chooseFile() {
    file = directory.resolve("kilnd.toml");
  }

  private KilndConfig load(String... arguments) throws ConfigException {
    List<String> all = new ArrayList<>(List.of("--config", file.toString()));
    all.addAll(List.of(arguments));
    Launch launch = ConfigLoader.load("kilnd", all.toArray(new String[0]), Map.of());
    return ((Launch.Run) launch).config();
  }

  private void write(String toml) throws IOException {
    Files.writeString(file, toml);
  }

  @Test
  void nothingSaidGivesDefaults() throws Exception {
    KilndConfig config = load();

    assertThat(config.root()).isEqualTo(Path.of("/var/lib/kiln"));
    assertThat(config.addresses()).containsExactly("unix:///run/kiln/kilnd.sock");
    assertThat(config.log()).isEqualTo(new KilndConfig.Log("text", "info"));
    assertThat(config.worker().enabled()).isTrue();
    assertThat(config.worker().snapshotter()).isEqualTo("auto");
    assertThat(config.worker().gc().enabled()).isTrue();
    assertThat(config.registries().maxConcurrency()).isEqualTo(4);
    assertThat(config.frontends().gateway()).isTrue();
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void tracesGoWhereTheEnvironmentSays() throws Exception {
    write("[otel]\nsocketPath = \"/run/file.sock\"\n");
    assertThat(load().otel().socket()).contains(Path.of("/run/file.sock"));
    assertThat(load("--otel-socket-path=/run/flag.sock").otel().socket())
        .contains(Path.of("/run/flag.sock"));
    assertThat(load().otel().collector()).isEmpty();
    assertThat(load().notices()).isEmpty();

    String[] none = {"--config", file.toString()};
    Map<String, String> good = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:1");
    Launch launch = ConfigLoader.load("kilnd", none, good);
    assertThat(((Launch.Run) launch).config().otel().collector().orElseThrow().endpoint())
        .hasToString("http://c:1");

    assertThatThrownBy(
            () -> ConfigLoader.load("kilnd", none, Map.of("OTEL_TRACES_EXPORTER", "wat")))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("unsupported opentelemetry exporter wat");
    launch =
        ConfigLoader.load(
            "kilnd", none, Map.of("OTEL_TRACES_EXPORTER", "wat", "OTEL_IGNORE_ERROR", "true"));
    assertThat(((Launch.Run) launch).config().otel().collector()).isEmpty();
    assertThat(((Launch.Run) launch).config().notices())
        .containsExactly(
            "traces go to no collector: unsupported opentelemetry exporter wat: set"
                + " OTEL_TRACES_EXPORTER to otlp or none");
  }

  @Test
  void suitesCommandLineIsUnderstood() throws Exception {
    KilndConfig config =
        load(
            "--oci-worker=true",
            "--containerd-worker=false",
            "--oci-worker-gc=false",
            "--oci-worker-labels=org.mobyproject.buildkit.worker.sandbox=true",
            "--root",
            "/tmp/x",
            "--addr",
            "unix:///tmp/a.sock",
            "--addr=tcp://127.0.0.1:1234",
            "--debug");

    assertThat(config.worker().gc().enabled()).isFalse();
    assertThat(config.worker().gc().effectivePolicies(0)).isEmpty();
    assertThat(config.worker().labels())
        .containsEntry("org.mobyproject.buildkit.worker.sandbox", "true");
    assertThat(config.root()).isEqualTo(Path.of("/tmp/x"));
    assertThat(config.addresses()).containsExactly("unix:///tmp/a.sock", "tcp://127.0.0.1:1234");
    assertThat(config.log().level()).isEqualTo("debug");
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void everyTableIsRead() throws Exception {
    write(
        """
        root = "/data"
        insecure-entitlements = ["network.host", "security.insecure"]
        [log]
          format = "json"
          level = "warn"
        [grpc]
          address = ["tcp://0.0.0.0:1"]
          debugAddress = "0.0.0.0:6060"
          uid = 5
          gid = 6
          [grpc.tls]
            cert = "c"
            key = "k"
            ca = "a"
        [system]
          platformsCacheMaxAge = "1h30m"
          maxRegistryConcurrency = 9
        [history]
          maxAge = 172800
          maxEntries = 50
        [dns]
          nameservers = ["1.1.1.1"]
          options = ["edns0"]
          searchDomains = ["example.com"]
        [registry."docker.io"]
          mirrors = ["127.0.0.1:5010", "hub/cache"]
          http = true
          insecure = false
          ca = ["ca.pem"]
          tlsconfigdir = ["/etc/certs"]
          [[registry."docker.io".keypair]]
            key = "key.pem"
            cert = "cert.pem"
        [frontend."gateway.v0"]
          enabled = false
          allowedRepositories = ["docker.io/docker/dockerfile"]
        [worker.oci]
          max-parallelism = 3
          noProcessSandbox = true
          defaultCgroupParent = "kiln"
          reservedSpace = "10%"
          maxUsedSpace = "512MB"
          [worker.oci.labels]
            a = "b"
          [[worker.oci.gcpolicy]]
            all = true
            keepBytes = 1024
            keepDuration = "48h"
            filters = ["type==source.local"]
        """);

    KilndConfig config = load();

    assertThat(config.root()).isEqualTo(Path.of("/data"));
    assertThat(config.entitlements())
        .containsExactlyInAnyOrder("network.host", "security.insecure", "device");
    assertThat(config.log()).isEqualTo(new KilndConfig.Log("json", "warn"));
    assertThat(config.socketOwner())
        .isEqualTo(new KilndConfig.SocketOwner(Optional.of(5), Optional.of(6)));
    assertThat(config.tls().clientAuthority()).contains(Path.of("a"));
    assertThat(config.platformsCacheMaxAge()).isEqualTo(Duration.ofMinutes(90));
    assertThat(config.history()).isEqualTo(new KilndConfig.History(Duration.ofDays(2), 50));
    assertThat(config.dns().searchDomains()).containsExactly("example.com");
    assertThat(config.registries().maxConcurrency()).isEqualTo(9);
    HostSettings hub = config.registries().of("docker.io");
    assertThat(hub.mirrors()).containsExactly("127.0.0.1:5010", "hub/cache");
    assertThat(hub.plainHttp()).contains(true);
    assertThat(hub.insecure()).contains(false);
    assertThat(hub.keyPairs()).hasSize(1);
    assertThat(config.frontends().gateway()).isFalse();
    assertThat(config.worker().maxParallelism()).isEqualTo(3);
    assertThat(config.worker().labels()).containsEntry("a", "b");
    assertThat(config.worker().gc().maxUsedSpace()).isEqualTo(DiskSpace.ofBytes(512L << 20));
    assertThat(config.worker().gc().policies())
        .containsExactly(
            new GcPolicy(
                true,
                List.of("type==source.local"),
                Duration.ofDays(2),
                DiskSpace.ofBytes(1024),
                DiskSpace.NONE,
                DiskSpace.NONE));
    assertThat(config.notices()).isEmpty();
  }

  @Test
  void flagsWinOverTheFile() throws Exception {
    write(
        """
        root = "/data"
        [grpc]
        address = ["unix:///from-file"]
        [worker.oci]
        gc = true
        reservedSpace = 5
        """);

    KilndConfig config =
        load(
            "--root=/flag",
            "--addr=unix:///flag",
            "--oci-worker-gc=false",
            "--oci-worker-gc-keepstorage=1000,20%,3");

    assertThat(config.root()).isEqualTo(Path.of("/flag"));
    assertThat(config.addresses()).containsExactly("unix:///flag");
    GcConfig gc = config.worker().gc();
    assertThat(gc.enabled()).isFalse();
    assertThat(gc.reservedSpace()).isEqualTo(DiskSpace.ofBytes(1_000_000_000));
    assertThat(gc.minFreeSpace()).isEqualTo(DiskSpace.ofPercent(20));
    assertThat(gc.maxUsedSpace()).isEqualTo(DiskSpace.ofBytes(3_000_000));
  }

  @Test
  void unknownAndIneffectiveSettingsAreNamedOnce() throws Exception {
    write(
        """
        debug = true
        nonsense = 1
        [worker.oci]
        shnapshotter = "x"
        [worker.containerd]
        enabled = true
        [[registry."a".keypair]]
        key = "k"
        cert = "c"
        kind = "rsa"
        """);

    KilndConfig config = load("--containerd-worker-net=host");

    assertThat(config.log().level()).isEqualTo("debug");
    assertThat(config.notices())
        .containsExactlyInAnyOrder(
            "'debug' configuration option is deprecated, use 'log.level = \"debug\"' instead",
            "flag --containerd-worker-net has no effect",
            file + ":5: worker.containerd has no effect",
            file + ":2: unknown key nonsense",
            file + ":4: unknown key worker.oci.shnapshotter",
            file + ":10: unknown key registry.a.keypair.kind");
  }

  @Test
  void mistakesNameFileAndLine() throws Exception {
    write("root = \"/a\"\n[worker.oci]\nmax-parallelism = \"many\"\n");
    assertThatThrownBy(this::load)
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + ":3: worker.oci.max-parallelism: expected a whole number");

    write("[system]\nmaxRegistryConcurrency = 0\n");
    assertThatThrownBy(this::load)
        .hasMessage(file + ":2: system.maxRegistryConcurrency: must be greater than zero, not 0");

    write("[history]\nmaxAge = \"soon\"\n");
    assertThatThrownBy(this::load).hasMessage(file + ":2: history.maxAge: invalid duration soon");

    write("root = \n");
    assertThatThrownBy(this::load).hasMessageStartingWith(file + ":1: ");
  }

  @Test
  void wrongFlagsAreNamed() {
    assertThatThrownBy(() -> load("--wat"))
        .hasMessage("flag --wat does not exist; run with --help for the flags");
    assertThatThrownBy(() -> load("--root")).hasMessage("flag --root needs a value");
    assertThatThrownBy(() -> load("--debug=maybe"))
        .hasMessage("flag --debug has an invalid value \"maybe\"");
    assertThatThrownBy(() -> load("run")).hasMessageStartingWith("unexpected argument \"run\"");
    assertThatThrownBy(() -> load("--log-level=loud"))
        .hasMessageStartingWith("unsupported log level \"loud\"");
    assertThatThrownBy(() -> load("--allow-insecure-entitlement=all"))
        .hasMessage("unknown entitlement all");
  }

  @Test
  void helpAndVersionComeBeforeEverythingElse() throws Exception {
    assertThat(ConfigLoader.load("kilnd", new String[] {"--version"}, Map.of()))
        .isInstanceOf(Launch.Version.class);
    Launch help = ConfigLoader.load("buildkitd", new String[] {"--help"}, Map.of());
    assertThat(((Launch.Help) help).text())
        .startsWith("usage: buildkitd [flags]")
        .contains("--oci-worker-labels");
  }

  @Test
  void rootlessDefaultsLieInTheUsersFolders() throws Exception {
    Map<String, String> environment = Map.of("HOME", "/home/u", "XDG_RUNTIME_DIR", "/run/user/7");
    Launch launch = ConfigLoader.load("kilnd", new String[] {"--rootless"}, environment);
    KilndConfig config = ((Launch.Run) launch).config();

    assertThat(config.root()).isEqualTo(Path.of("/home/u/.local/share/kiln"));
    assertThat(config.addresses()).containsExactly("unix:///run/user/7/kiln/kilnd.sock");
    assertThat(config.worker().rootless()).isTrue();
  }

  @Test
  void sizesAreBinaryAndSharesAreRoundedUp() {
    assertThat(DiskSpace.parse("1.5GiB").bytes()).isEqualTo(3L << 29);
    assertThat(DiskSpace.parse("10").bytes()).isEqualTo(10);
    assertThat(DiskSpace.parse("2 kb").bytes()).isEqualTo(2048);
    assertThat(DiskSpace.ofPercent(10).asBytes(100L << 30)).isEqualTo(11_000_000_000L);
    assertThat(DiskSpace.ofPercent(10).asBytes(0)).isEqualTo(2_000_000_000L);
    assertThatThrownBy(() -> DiskSpace.parse("lots")).hasMessage("invalid disk space lots");
  }

  @Test
  void usualRulesKeepALargeDiskWithinItsCaps() {
    List<GcPolicy> rules = GcConfig.usual().effectivePolicies(1L << 40);
    assertThat(rules).hasSize(4);
    assertThat(rules.get(1).reservedSpace()).isEqualTo(DiskSpace.ofBytes(10_000_000_000L));
    assertThat(rules.get(1).maxUsedSpace()).isEqualTo(DiskSpace.ofBytes(100_000_000_000L));
    assertThat(rules.get(3).all()).isTrue();
    assertThat(GcConfig.usual().effectivePolicies(20L << 30).get(2).reservedSpace())
        .isEqualTo(DiskSpace.ofPercent(10));
  }
}
