package dev.kiln.compare;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;

/**
 * Writes a case's files; the same case gives the same folder, times included. Cases have times of
 * their own, since a daemon that keeps the folder of one for the next may take a folder of the same
 * time for unchanged, although it puts other files into it.
 */
final class CaseFolder {
  /** So old that nothing which a build makes can have it. */
  private static final FileTime OLDEST = FileTime.fromMillis(1_000_000_000_000L);

  private static final int SPAN_SECONDS = 10_000_000;

  /** Of entries in archives, so that it shows whether owners are kept. */
  private static final int PACKED_USER = 1000;

  private static final int PACKED_GROUP = 1001;

  /** From the highest bit to the lowest. */
  private static final List<PosixFilePermission> BITS =
      List.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private CaseFolder() {}

  /** Writes all files of a case into a new folder. */
  static void write(Case source, Path folder) throws IOException {
    Files.createDirectories(folder);
    FileTime time = time(source);
    for (CaseFile file : source.files()) {
      Path path = folder.resolve(file.path());
      Files.createDirectories(path.getParent());
      switch (file) {
        case CaseFile.Regular regular -> {
          Files.write(path, regular.bytes());
          setMode(path, regular.mode());
        }
        case CaseFile.Link link -> Files.createSymbolicLink(path, Path.of(link.target()));
        case CaseFile.Folder made -> {
          Files.createDirectories(path);
          setMode(path, made.mode());
        }
        case CaseFile.Packed packed -> pack(folder.resolve(packed.folder()), path);
      }
    }
    for (Path path : below(folder).reversed()) {
      if (!Files.isSymbolicLink(path)) {
        Files.setLastModifiedTime(path, time);
      }
    }
  }

  private static FileTime time(Case source) {
    int seconds = Math.floorMod(source.name().hashCode(), SPAN_SECONDS);
    return FileTime.from(OLDEST.toInstant().plusSeconds(seconds));
  }

  private static List<Path> below(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(p -> !p.equals(folder)).sorted(Comparator.naturalOrder()).toList();
    }
  }

  private static void setMode(Path path, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.size(); bit++) {
      if ((mode & (0400 >> bit)) != 0) {
        permissions.add(BITS.get(bit));
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }

  private static int mode(Path path) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
    return permissions.stream().mapToInt(p -> 0400 >> BITS.indexOf(p)).sum();
  }

  private static void pack(Path folder, Path archive) throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
        OutputStream compressed = compressed(archive.toString(), file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(compressed)) {
      for (Path path : below(folder)) {
        tar.putArchiveEntry(entry(folder, path));
        if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(path, tar);
        }
        tar.closeArchiveEntry();
      }
    }
  }

  private static TarArchiveEntry entry(Path folder, Path path) throws IOException {
    String name = folder.relativize(path).toString();
    TarArchiveEntry entry;
    if (Files.isSymbolicLink(path)) {
      entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path)) {
      entry = new TarArchiveEntry(name + "/");
      entry.setMode(mode(path));
    } else {
      entry = new TarArchiveEntry(name);
      entry.setSize(Files.size(path));
      entry.setMode(mode(path));
    }
    entry.setIds(PACKED_USER, PACKED_GROUP);
    entry.setLastModifiedTime(OLDEST);
    return entry;
  }

  private static OutputStream compressed(String name, OutputStream out) throws IOException {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    try {
      return switch (ending) {
        case "gz", "tgz" -> compressor(CompressorStreamFactory.GZIP, out);
        case "bz2" -> compressor(CompressorStreamFactory.BZIP2, out);
        case "xz" -> compressor(CompressorStreamFactory.XZ, out);
        default -> out;
      };
    } catch (CompressorException e) {
      throw new IOException("could not compress " + name, e);
    }
  }

  private static OutputStream compressor(String kind, OutputStream out) throws CompressorException {
    return CompressorStreamFactory.getSingleton().createCompressorOutputStream(kind, out);
  }
}
