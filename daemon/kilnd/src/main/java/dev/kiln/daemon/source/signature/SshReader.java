package dev.kiln.daemon.source.signature;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the values of SSH's binary formats (RFC 4251, section 5). For one thread. */
final class SshReader {
  private final ByteBuffer rest;

  SshReader(byte[] bytes) {
    this.rest = ByteBuffer.wrap(bytes);
  }

  byte[] bytes(int count) throws BadSignatureException {
    if (count < 0 || count > rest.remaining()) {
      throw new BadSignatureException("the SSH key or signature ends too early");
    }
    byte[] bytes = new byte[count];
    rest.get(bytes);
    return bytes;
  }

  int number() throws BadSignatureException {
    return ByteBuffer.wrap(bytes(Integer.BYTES)).getInt();
  }

  byte[] string() throws BadSignatureException {
    return bytes(number());
  }

  String text() throws BadSignatureException {
    return new String(string(), StandardCharsets.UTF_8);
  }

  /** Makes sure that nothing is left. */
  void end() throws BadSignatureException {
    if (rest.hasRemaining()) {
      throw new BadSignatureException("the SSH key or signature has too many bytes");
    }
  }
}
