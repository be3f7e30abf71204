package dev.kiln.dockerfile.llb;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import dev.kiln.solver.pb.Op;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The bytes of an op that its digest is made of: common fields first, the operation itself last,
 * maps sorted by key. This is the order of Go's deterministic protobuf encoder, which puts the
 * members of a oneof behind all else.
 */
final class CanonicalOp {

  private CanonicalOp() {}

  static ByteString encode(Op op) {
    Op common = op.toBuilder().clearOp().build();
    Op operation = op.toBuilder().clearInputs().clearPlatform().clearConstraints().build();
    byte[] out = new byte[common.getSerializedSize() + operation.getSerializedSize()];
    int written = write(common, out, 0);
    write(operation, out, written);
    return ByteString.copyFrom(out);
  }

  private static int write(Message message, byte[] out, int offset) {
    int size = message.getSerializedSize();
    CodedOutputStream stream = CodedOutputStream.newInstance(out, offset, size);
    stream.useDeterministicSerialization();
    try {
      message.writeTo(stream);
      stream.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("could not encode an op into memory", e);
    }
    return size;
  }

  static String digest(ByteString bytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(bytes.asReadOnlyByteBuffer());
      return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }
}
