package dev.kiln.daemon.source;

import dev.kiln.snapshotter.linux.NodeCalls;
import dev.kiln.snapshotter.ref.ImmutableRef;
import dev.kiln.snapshotter.ref.MutableRef;
import dev.kiln.snapshotter.ref.RefMount;
import dev.kiln.snapshotter.ref.RefOptions;
import dev.kiln.snapshotter.ref.RefStore;
import dev.kiln.snapshotter.snapshot.MountPoint;
import dev.kiln.solver.pb.SourceOp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/** Makes trees that consist of one file. Safe for use by many threads. */
public final class OneFile {
  private static final int DEFAULT_MODE = 0600;

  private final RefStore refs;
  private final Path mountFolder;

  /**
   * @param mountFolder where trees are mounted for a moment
   */
  public OneFile(RefStore refs, Path mountFolder) {
    this.refs = refs;
    this.mountFolder = mountFolder;
  }

  /**
   * How the file should look (llb.md, section 4, {@code http.filename} and the following).
   *
   * @param name empty when the source decides
   * @param perm permission bits; 0 for the default, 0600
   */
  public record Wanted(String name, long perm, long uid, long gid) {

    /** Reads the attributes of a source. */
    public static Wanted read(SourceOp source) throws IOException {
      return new Wanted(
          source.getAttrsOrDefault("http.filename", ""),
          number(source, "http.perm"),
          number(source, "http.uid"),
          number(source, "http.gid"));
    }

    private static long number(SourceOp source, String key) throws IOException {
      String text = source.getAttrsOrDefault(key, "");
      if (text.isEmpty()) {
        return 0;
      }
      String plain = text.replace("_", "");
      try {
        if (plain.startsWith("0b") || plain.startsWith("0B")) {
          return Long.parseLong(plain.substring(2), 2);
        }
        boolean octal = plain.startsWith("0o") || plain.startsWith("0O");
        return octal ? Long.parseLong(plain.substring(2), 8) : Long.decode(plain);
      } catch (NumberFormatException e) {
        throw new IOException("invalid number " + text + " for " + key, e);
      }
    }
  }

  /**
   * A tree with its file.
   *
   * @param digest of the file's content
   */
  public record Made(ImmutableRef tree, String digest) {}

  /**
   * Makes a tree.
   *
   * @param description shown in listings
   * @param name of the file
   * @param modified its time, and that of its last access
   * @param content read to its end, not closed
   */
  public Made make(
      String description, Wanted wanted, String name, Instant modified, InputStream content)
      throws IOException {
    try (MutableRef ref = refs.newMutable(null, RefOptions.described(description))) {
      String digest;
      try (RefMount mount = ref.mount();
          MountPoint point = MountPoint.open(mount.mounts(), mountFolder)) {
        Path file = point.path().resolve(name);
        digest = copy(content, file);
        if (wanted.uid() != 0 || wanted.gid() != 0) {
          NodeCalls.setOwner(file.toString(), (int) wanted.uid(), (int) wanted.gid());
        }
        long mode = wanted.perm() == 0 ? DEFAULT_MODE : wanted.perm() & 0777;
        NodeCalls.setPermissions(file.toString(), (int) mode);
        NodeCalls.setBothTimes(file.toString(), modified.getEpochSecond(), modified.getNano());
      }
      return new Made(ref.commit(), digest);
    }
  }

  private static String copy(InputStream content, Path file) throws IOException {
    MessageDigest sha256 = sha256();
    try (OutputStream out =
        new DigestOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            sha256)) {
      content.transferTo(out);
    }
    return "sha256:" + HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
