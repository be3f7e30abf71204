package dev.kiln.executor.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.HostAddress;
import dev.kiln.executor.MountSource;
import dev.kiln.executor.NetworkMode;
import dev.kiln.executor.ProcessSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameResolutionFilesTest {
  @TempDir Path temp;
  private Path host;
  private Path resolved;

  @BeforeEach
  void files() {
    host = temp.resolve("host.conf");
    resolved = temp.resolve("resolved.conf");
  }

  private NameResolutionFiles files(DnsSettings settings) {
    return new NameResolutionFiles(temp, settings, host, resolved);
  }

  private static String text(NameResolutionFiles files, NetworkMode mode) throws IOException {
    return Files.readString(files.resolvConf(mode));
  }

  @Test
  void loopbackServersServeTheHostNetworkOnly() throws IOException {
    Files.writeString(host, "# c\nnameserver 127.0.0.1\nnameserver 9.9.9.9\nsearch a b\n");
    var files = files(DnsSettings.HOST);
    assertThat(text(files, NetworkMode.DEFAULT)).isEqualTo("nameserver 9.9.9.9\nsearch a b\n");
    assertThat(text(files, NetworkMode.HOST))
        .isEqualTo("nameserver 127.0.0.1\nnameserver 9.9.9.9\nsearch a b\n");
  }

  @Test
  void stubResolverIsReplacedByWhatItAsks() throws IOException {
    Files.writeString(host, "nameserver 127.0.0.53\n");
    Files.writeString(resolved, "nameserver 10.0.0.2\noptions edns0\n");
    assertThat(text(files(DnsSettings.HOST), NetworkMode.NONE))
        .isEqualTo("nameserver 10.0.0.2\noptions edns0\n");
  }

  @Test
  void publicServersServeWhenNoneIsLeft() throws IOException {
    assertThat(text(files(DnsSettings.HOST), NetworkMode.DEFAULT))
        .startsWith("nameserver 8.8.8.8\nnameserver 8.8.4.4\nnameserver 2001:");
  }

  @Test
  void settingsReplaceAndChangesOfTheHostAreSeen() throws IOException {
    Files.writeString(host, "nameserver 1.1.1.1\noptions x\n");
    var settings = new DnsSettings(List.of(), List.of("ndots:2"), List.of("corp"));
    var files = files(settings);
    assertThat(text(files, NetworkMode.DEFAULT))
        .isEqualTo("nameserver 1.1.1.1\nsearch corp\noptions ndots:2\n");
    Files.writeString(host, "nameserver 2.2.2.2\n");
    Files.setLastModifiedTime(host, FileTime.fromMillis(1));
    assertThat(text(files, NetworkMode.DEFAULT)).startsWith("nameserver 2.2.2.2\n");
  }

  @Test
  void hostsAreSharedUnlessSomethingIsSpecial() throws IOException {
    var files = files(DnsSettings.HOST);
    Path bundle = Files.createDirectory(temp.resolve("bundle"));
    var plain = ContainerSpec.builder("a", MountSource.of(List.of()), ProcessSpec.of("x"));
    assertThat(files.hosts(plain.build(), bundle))
        .hasParent(temp)
        .hasContent(
            "127.0.0.1\tlocalhost buildkitsandbox\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    plain.extraHosts(List.of(new HostAddress("db", "fe80::1")));
    assertThat(files.hosts(plain.build(), bundle))
        .hasParent(bundle)
        .content()
        .endsWith("fe80::1\tdb\n");
  }
}
