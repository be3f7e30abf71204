package dev.kiln.snapshotter.ref;

import dev.kiln.snapshotter.content.Descriptor;
import dev.kiln.snapshotter.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stored form of a ref: a format number, then its fields in order. */
final class RefCodec {
  private static final int FORMAT = 1;

  private RefCodec() {}

  static byte[] encode(RefRecord ref) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      writeKind(out, ref.kind);
      writeText(out, ref.snapshot);
      out.writeInt(ref.blobs.size());
      for (var blob : ref.blobs.entrySet()) {
        writeText(out, blob.getKey());
        writeDescriptor(out, blob.getValue());
        Digest diffId = ref.diffIds.get(blob.getKey());
        writeText(out, diffId == null ? null : diffId.text());
      }
      writeText(out, ref.chainId == null ? null : ref.chainId.text());
      writeText(out, ref.blobChainId == null ? null : ref.blobChainId.text());
      writeText(out, ref.description);
      writeText(out, ref.recordType.text());
      writeTime(out, ref.createdAt);
      writeTime(out, ref.lastUsedAt);
      out.writeInt(ref.usageCount);
      out.writeLong(ref.size);
      out.writeBoolean(ref.retain);
      writeMap(out, ref.meta);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static RefRecord decode(String id, byte[] value) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
    int format = in.readByte();
    if (format != FORMAT) {
      throw new IOException(
          "could not read the record of ref " + id + ": unknown format " + format);
    }
    RefRecord ref = new RefRecord(id, readKind(in), Instant.EPOCH);
    ref.snapshot = readText(in);
    for (int left = in.readInt(); left > 0; left--) {
      String form = text(in);
      ref.blobs.put(form, readDescriptor(in));
      Digest diffId = readDigest(in);
      if (diffId != null) {
        ref.diffIds.put(form, diffId);
      }
    }
    ref.chainId = readDigest(in);
    ref.blobChainId = readDigest(in);
    ref.description = text(in);
    ref.recordType = RecordType.of(text(in));
    Instant created = readTime(in);
    ref.createdAt = created == null ? Instant.EPOCH : created;
    ref.lastUsedAt = readTime(in);
    ref.usageCount = in.readInt();
    ref.size = in.readLong();
    ref.retain = in.readBoolean();
    ref.meta.putAll(readMap(in));
    return ref;
  }

  private static void writeKind(DataOutputStream out, RefKind kind) throws IOException {
    switch (kind) {
      case RefKind.OneLayer(var parent, var foreign) -> {
        out.writeByte('l');
        writeText(out, parent);
        out.writeBoolean(foreign);
      }
      case RefKind.Merge(var parents) -> {
        out.writeByte('m');
        out.writeInt(parents.size());
        for (String parent : parents) {
          writeText(out, parent);
        }
      }
      case RefKind.Diff(var lower, var upper, var walked) -> {
        out.writeByte('d');
        writeText(out, lower);
        writeText(out, upper);
        out.writeBoolean(walked);
      }
      case RefKind.Mutable(var parent) -> {
        out.writeByte('w');
        writeText(out, parent);
      }
      case RefKind.Frozen(var mutable) -> {
        out.writeByte('f');
        writeText(out, mutable);
      }
    }
  }

  private static RefKind readKind(DataInputStream in) throws IOException {
    int tag = in.readByte();
    return switch (tag) {
      case 'l' -> new RefKind.OneLayer(readText(in), in.readBoolean());
      case 'm' -> {
        List<String> parents = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
          parents.add(text(in));
        }
        yield new RefKind.Merge(parents);
      }
      case 'd' -> new RefKind.Diff(readText(in), readText(in), in.readBoolean());
      case 'w' -> new RefKind.Mutable(readText(in));
      case 'f' -> new RefKind.Frozen(text(in));
      default -> throw new IOException("unknown kind of ref: " + tag);
    };
  }

  private static void writeDescriptor(DataOutputStream out, Descriptor blob) throws IOException {
    writeText(out, blob.mediaType());
    writeText(out, blob.digest().text());
    out.writeLong(blob.size());
    writeMap(out, blob.annotations());
  }

  private static Descriptor readDescriptor(DataInputStream in) throws IOException {
    return new Descriptor(text(in), new Digest(text(in)), in.readLong(), readMap(in));
  }

  private static void writeMap(DataOutputStream out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (var entry : map.entrySet()) {
      writeText(out, entry.getKey());
      writeText(out, entry.getValue());
    }
  }

  private static Map<String, String> readMap(DataInputStream in) throws IOException {
    Map<String, String> map = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      map.put(text(in), text(in));
    }
    return map;
  }

  private static void writeTime(DataOutputStream out, @Nullable Instant time) throws IOException {
    out.writeBoolean(time != null);
    if (time != null) {
      out.writeLong(time.getEpochSecond());
      out.writeInt(time.getNano());
    }
  }

  private static @Nullable Instant readTime(DataInputStream in) throws IOException {
    return in.readBoolean() ? Instant.ofEpochSecond(in.readLong(), in.readInt()) : null;
  }

  /** Descriptions can be long scripts, so texts have no limit of 64 KiB as writeUTF has. */
  private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
    if (text == null) {
      out.writeInt(-1);
      return;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static @Nullable String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static String text(DataInputStream in) throws IOException {
    String text = readText(in);
    return text == null ? "" : text;
  }

  private static @Nullable Digest readDigest(DataInputStream in) throws IOException {
    String text = readText(in);
    return text == null ? null : new Digest(text);
  }
}
