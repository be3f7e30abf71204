package dev.kiln.executor.rootfs;

import dev.kiln.executor.ContainerSpec;
import dev.kiln.executor.HostAddress;
import dev.kiln.executor.NetworkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files that containers see as /etc/resolv.conf and /etc/hosts. Most containers share one of
 * each; resolv.conf is made again when the host's changes. Thread-safe.
 */
public final class NameResolutionFiles {
  private final Path folder;
  private final Path hostFile;
  private final Path resolvedFile;
  private final DnsSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<NetworkMode, Made> made = new EnumMap<>(NetworkMode.class);
  private boolean hostsMade;

  /** What a file was made from, and how old that was. */
  private record Made(Path source, FileTime modified) {}

  /**
   * Keeps the shared files in a folder.
   *
   * @param folder exists already
   */
  public NameResolutionFiles(Path folder, DnsSettings settings) {
    this(
        folder, settings, Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));
  }

  NameResolutionFiles(Path folder, DnsSettings settings, Path hostFile, Path resolvedFile) {
    this.folder = folder;
    this.settings = settings;
    this.hostFile = hostFile;
    this.resolvedFile = resolvedFile;
  }

  /** The file to show as /etc/resolv.conf in this network. */
  public Path resolvConf(NetworkMode mode) throws IOException {
    boolean hostNetwork = mode == NetworkMode.HOST;
    Path target = folder.resolve(hostNetwork ? "resolv-host.conf" : "resolv.conf");
    lock.lock();
    try {
      Path source = source(hostNetwork);
      var current = new Made(source, modified(source));
      NetworkMode key = hostNetwork ? NetworkMode.HOST : NetworkMode.DEFAULT;
      if (!current.equals(made.get(key))) {
        write(target, text(source, hostNetwork));
        made.put(key, current);
      }
      return target;
    } finally {
      lock.unlock();
    }
  }

  /** The stub resolver listens on the host's loopback, which only the host's network reaches. */
  private Path source(boolean hostNetwork) throws IOException {
    return !hostNetwork && ResolvConf.parse(read(hostFile)).namesOnlyResolvedStub()
        ? resolvedFile
        : hostFile;
  }

  private String text(Path source, boolean hostNetwork) throws IOException {
    ResolvConf conf = ResolvConf.parse(read(source));
    conf.override(settings);
    if (!hostNetwork || !conf.hasNameservers()) {
      conf.dropLoopback();
    }
    return conf.text();
  }

  /**
   * The file to show as /etc/hosts.
   *
   * @param bundle where a file of the container's own may be put
   */
  public Path hosts(ContainerSpec container, Path bundle) throws IOException {
    String hostname = container.effectiveHostname();
    boolean shared =
        container.extraHosts().isEmpty() && hostname.equals(ContainerSpec.DEFAULT_HOSTNAME);
    if (!shared) {
      Path own = bundle.resolve("hosts");
      write(own, hostsText(container));
      return own;
    }
    Path target = folder.resolve("hosts");
    lock.lock();
    try {
      if (!hostsMade) {
        write(target, hostsText(container));
        hostsMade = true;
      }
      return target;
    } finally {
      lock.unlock();
    }
  }

  private static String hostsText(ContainerSpec container) {
    var out = new StringBuilder();
    out.append("127.0.0.1\tlocalhost ").append(container.effectiveHostname()).append('\n');
    out.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
    for (HostAddress extra : container.extraHosts()) {
      out.append(extra.ip()).append('\t').append(extra.host()).append('\n');
    }
    return out.toString();
  }

  private static FileTime modified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file);
    } catch (NoSuchFileException e) {
      return FileTime.fromMillis(0);
    }
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static void write(Path target, String text) throws IOException {
    Path aside = target.resolveSibling(target.getFileName() + ".new");
    Files.writeString(aside, text);
    Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
  }
}
