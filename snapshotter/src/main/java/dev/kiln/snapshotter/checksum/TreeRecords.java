package dev.kiln.snapshotter.checksum;

import dev.kiln.snapshotter.linux.ByteNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a tree of digests: a version byte, then the nodes, each before its children. A
 * node is kind, what is known (bits), name, then link, own digest, recursive digest, child count as
 * far as known.
 */
final class TreeRecords {
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 32;
  private static final int HAS_LINK = 1;
  private static final int HAS_OWN = 2;
  private static final int HAS_RECURSIVE = 4;
  private static final int HAS_CHILDREN = 8;

  private TreeRecords() {}

  static byte[] write(TreeNode root) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      writeNode(root, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeNode(TreeNode node, DataOutputStream out) throws IOException {
    List<TreeNode> children = node.children;
    int known =
        (node.link == null ? 0 : HAS_LINK)
            | (node.own == null ? 0 : HAS_OWN)
            | (node.recursive == null ? 0 : HAS_RECURSIVE)
            | (children == null ? 0 : HAS_CHILDREN);
    out.writeByte(node.kind.letter);
    out.writeByte(known);
    writeText(node.name, out);
    if (node.link != null) {
      writeText(node.link, out);
    }
    writeDigest(node.own, out);
    writeDigest(node.recursive, out);
    if (children != null) {
      out.writeInt(children.size());
      for (TreeNode child : children) {
        writeNode(child, out);
      }
    }
  }

  private static void writeDigest(byte @Nullable [] digest, DataOutputStream out)
      throws IOException {
    if (digest != null) {
      out.write(digest);
    }
  }

  private static void writeText(String text, DataOutputStream out) throws IOException {
    byte[] bytes = ByteNames.encode(text);
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  static TreeNode read(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int version = in.read();
    if (version != VERSION) {
      throw new IOException("tree digests have the unknown version " + version);
    }
    return readNode(in);
  }

  private static TreeNode readNode(DataInputStream in) throws IOException {
    TreeNode.Kind kind = readKind(in);
    int known = in.readUnsignedByte();
    TreeNode node = new TreeNode(readText(in), kind);
    if ((known & HAS_LINK) != 0) {
      node.link = readText(in);
    }
    if ((known & HAS_OWN) != 0) {
      node.own = in.readNBytes(DIGEST_BYTES);
    }
    if ((known & HAS_RECURSIVE) != 0) {
      node.recursive = in.readNBytes(DIGEST_BYTES);
    }
    if ((known & HAS_CHILDREN) != 0) {
      int count = in.readInt();
      List<TreeNode> children = new ArrayList<>(Math.min(count, in.available()));
      for (int i = 0; i < count; i++) {
        children.add(readNode(in));
      }
      node.children = children;
    }
    return node;
  }

  private static TreeNode.Kind readKind(DataInputStream in) throws IOException {
    char letter = (char) in.readUnsignedByte();
    for (TreeNode.Kind kind : TreeNode.Kind.values()) {
      if (kind.letter == letter) {
        return kind;
      }
    }
    throw new IOException("tree digests have an entry of the unknown kind " + letter);
  }

  private static String readText(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return ByteNames.decode(bytes);
  }
}
